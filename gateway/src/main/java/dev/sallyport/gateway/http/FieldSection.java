package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message section as they arrive: those that go on to the other side, and apart from them those that
 * speak of this connection (RFC 9110 section 7.6.1, RFC 9112 section 5).
 */
final class FieldSection {
    /** Which rules apply. */
    enum Kind {
        REQUEST, RESPONSE, TRAILERS
    }

    private final Kind kind;
    private final Limits limits;

    private Headers headers = new Headers();
    private int fields;
    private @Nullable String host;
    private @Nullable String contentLength;
    private @Nullable String transferEncoding;
    private @Nullable String connection;
    private @Nullable String expect;
    private @Nullable String upgrade;
    private @Nullable String te;
    private boolean close;
    private boolean keepAlive;
    private boolean upgradeNominated;

    FieldSection(Kind kind, Limits limits) {
        this.kind = kind;
        this.limits = limits;
    }

    /** Forgets everything; the headers handed out before stay whole. */
    void clear() {
        headers = new Headers();
        fields = 0;
        host = null;
        contentLength = null;
        transferEncoding = null;
        connection = null;
        expect = null;
        upgrade = null;
        te = null;
        close = false;
        keepAlive = false;
        upgradeNominated = false;
    }

    /**
     * Takes a field whose name stands in lower case, checked, at {@code nameFrom} to {@code nameTo} of {@code bytes}, and
     * its value, checked and without white space around it, at {@code valueFrom} to {@code valueTo}.
     */
    void add(byte[] bytes, int nameFrom, int nameTo, int hash, int valueFrom, int valueTo) throws ProtocolViolation {
        requireRoom(nameTo - nameFrom, valueTo - valueFrom);
        FieldName known = FieldName.find(bytes, nameFrom, nameTo, hash);
        String value = new String(bytes, valueFrom, valueTo - valueFrom, StandardCharsets.ISO_8859_1);
        if (known != null) {
            addKnown(known, value);
        } else {
            addUnknown(new String(bytes, nameFrom, nameTo - nameFrom, StandardCharsets.ISO_8859_1), value);
        }
    }

    /** Takes a field whose name is in lower case and checked, and whose value is checked and without white space around it. */
    void add(String name, String value) throws ProtocolViolation {
        requireRoom(name.length(), value.length());
        FieldName known = FieldName.find(name);
        if (known != null) {
            addKnown(known, value);
        } else {
            addUnknown(name, value);
        }
    }

    private void requireRoom(int nameBytes, int valueBytes) throws ProtocolViolation {
        if (nameBytes > limits.fieldNameBytes()) {
            throw new ProtocolViolation(RefusalCode.HEADER_TOO_LARGE,
                    "A field name is longer than " + limits.fieldNameBytes() + " bytes.");
        }
        if (nameBytes + valueBytes > limits.fieldBytes()) {
            throw new ProtocolViolation(RefusalCode.HEADER_TOO_LARGE,
                    "A field is longer than " + limits.fieldBytes() + " bytes.");
        }
        if (++fields > limits.fields()) {
            throw new ProtocolViolation(RefusalCode.HEADER_TOO_LARGE,
                    "There are more than " + limits.fields() + " fields.");
        }
    }

    private void addUnknown(String name, String value) {
        if (kind == Kind.RESPONSE || FieldRules.travels(name, kind == Kind.TRAILERS)) {
            headers.add(name, value);
        }
    }

    private void addKnown(FieldName name, String value) throws ProtocolViolation {
        if (kind == Kind.TRAILERS) {
            if (name.trailer()) {
                headers.add(name.text(), value);
            }
            return;
        }
        switch (name.role()) {
            case END_TO_END -> {
                if (name.single() && kind == Kind.REQUEST && headers.contains(name.text())) {
                    throw ProtocolViolation.malformed("The field `" + name.text() + "` stands twice.");
                }
                headers.add(name.text(), value);
            }
            case HOP_BY_HOP -> {
            }
            case HOST -> {
                if (host != null) {
                    throw ProtocolViolation.malformed("The field `host` stands twice.");
                }
                host = value;
            }
            case CONTENT_LENGTH -> {
                if (contentLength != null) {
                    throw ProtocolViolation.malformed("The field `content-length` stands twice.");
                }
                BodyLength.parse(value);
                contentLength = value;
            }
            case TRANSFER_ENCODING -> transferEncoding = joined(transferEncoding, value);
            case CONNECTION -> connection = joined(connection, value);
            case EXPECT -> expect = joined(expect, value);
            case UPGRADE -> upgrade = joined(upgrade, value);
            case TE -> te = joined(te, value);
        }
    }

    private static String joined(@Nullable String before, String value) {
        return before == null ? value : before + ", " + value;
    }

    /** The section is complete: obeys {@code Connection}. */
    void complete() throws ProtocolViolation {
        if (connection != null) {
            if (connection.equalsIgnoreCase("keep-alive")) {
                keepAlive = true;
            } else if (connection.equalsIgnoreCase("close")) {
                close = true;
            } else {
                for (String option : members(connection)) {
                    connectionOption(option);
                }
            }
        }
        if (te != null && kind == Kind.REQUEST && acceptsTrailers(te)) {
            headers.add("te", "trailers");
        }
    }

    private static boolean acceptsTrailers(String te) {
        for (String coding : members(te)) {
            if (coding.equalsIgnoreCase("trailers")) {
                return true;
            }
        }
        return false;
    }

    private void connectionOption(String option) throws ProtocolViolation {
        String name = option.toLowerCase(Locale.ROOT);
        switch (name) {
            case "close" -> close = true;
            case "keep-alive" -> keepAlive = true;
            case "upgrade" -> upgradeNominated = true;
            default -> {
                if (kind == Kind.REQUEST) {
                    FieldRules.requireNominable(name);
                }
                headers.remove(name);
            }
        }
    }

    /** The members of a list without the empty ones (RFC 9110 section 5.6.1). */
    static List<String> members(String list) {
        List<String> members = new ArrayList<>(2);
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            String member = list.substring(from, to).strip();
            if (!member.isEmpty()) {
                members.add(member);
            }
            from = to + 1;
        }
        return members;
    }

    /** The fields that go on. */
    Headers headers() {
        return headers;
    }

    @Nullable
    String host() {
        return host;
    }

    @Nullable
    String contentLength() {
        return contentLength;
    }

    /** All lines of {@code Transfer-Encoding}, joined by commas. */
    @Nullable
    String transferEncoding() {
        return transferEncoding;
    }

    @Nullable
    String expect() {
        return expect;
    }

    /** The protocols of {@code Upgrade} when {@code Connection} nominates it; else null (RFC 9110 section 7.8). */
    @Nullable
    String upgrade() {
        return upgradeNominated ? upgrade : null;
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }
}
