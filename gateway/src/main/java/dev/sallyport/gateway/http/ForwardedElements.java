package dev.sallyport.gateway.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the elements of {@code Forwarded} (RFC 7239 section 4). One that is malformed hides all before it in its line. */
final class ForwardedElements {
    private final String line;
    private int at;

    private ForwardedElements(String line) {
        this.line = line;
    }

    /** The address that each element's {@code for} names; null where it names none, such as {@code unknown}. */
    static List<@Nullable InetAddress> addresses(List<String> lines) {
        List<@Nullable InetAddress> addresses = new ArrayList<>();
        for (String line : lines) {
            List<@Nullable InetAddress> elements = new ForwardedElements(line).elements();
            if (elements == null) {
                addresses.add(null);
            } else {
                addresses.addAll(elements);
            }
        }
        return addresses;
    }

    /** Null when the line is malformed. */
    private @Nullable List<@Nullable InetAddress> elements() {
        List<@Nullable InetAddress> elements = new ArrayList<>();
        while (true) {
            skipBlanks();
            if (at < line.length() && line.charAt(at) != ',') {
                Element element = element();
                if (element == null) {
                    return null;
                }
                elements.add(element.address());
            }
            if (at == line.length()) {
                return elements;
            }
            at++;
        }
    }

    private record Element(@Nullable InetAddress address) {}

    /** Reads one element, up to a comma or the end; null when it is malformed. */
    private @Nullable Element element() {
        String node = null;
        while (true) {
            skipBlanks();
            String name = token();
            if (name.isEmpty() || !take('=')) {
                return null;
            }
            String value = at < line.length() && line.charAt(at) == '"' ? quoted() : token();
            if (value == null || value.isEmpty()) {
                return null;
            }
            if (name.toLowerCase(Locale.ROOT).equals("for")) {
                if (node != null) {
                    return null;
                }
                node = value;
            }
            skipBlanks();
            if (at == line.length() || line.charAt(at) == ',') {
                return new Element(node == null ? null : ClientAddress.node(node));
            }
            if (!take(';')) {
                return null;
            }
        }
    }

    private String token() {
        int from = at;
        while (at < line.length() && line.charAt(at) < 0x80 && Characters.isToken((byte) line.charAt(at))) {
            at++;
        }
        return line.substring(from, at);
    }

    private @Nullable String quoted() {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return text.toString();
            }
            if (c == '\\') {
                if (at == line.length()) {
                    return null;
                }
                c = line.charAt(at++);
            }
            text.append(c);
        }
        return null;
    }

    private boolean take(char expected) {
        boolean found = at < line.length() && line.charAt(at) == expected;
        at += found ? 1 : 0;
        return found;
    }

    private void skipBlanks() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
    }
}
