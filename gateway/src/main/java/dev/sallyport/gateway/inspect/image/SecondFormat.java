package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Signatures.latin;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a well-known second format in a body that is a picture: files that two readers take for different things.
 *
 * <p>Each look-out is where readers of the other format look: a PDF's header within the first KiB (ISO 32000-1, Annex H
 * 3.4.1), a ZIP's end record within the last 64 KiB (APPNOTE 4.3.16), the names of TAR and ISO 9660 at their offsets, other
 * archives and the opening of a page or a program wherever no pixels are. Coded pixels are not searched: short openings occur
 * there by chance.
 */
final class SecondFormat {
    private static final int PDF_HEADER_WITHIN = 1_024;
    private static final int ZIP_END_BYTES = 22;
    private static final int ZIP_END_WITHIN = ZIP_END_BYTES + 0xffff;
    private static final byte[][] OPENINGS = {
        latin("<script"), latin("<html"), latin("<iframe"), latin("<!doctype html"), latin("<?php")
    };
    private static final byte[] SHORT_ECHO = latin("<?=");
    private static final byte[] SERVER_PAGE_ECHO = latin("<%=");
    private static final byte[] SERVER_PAGE_DIRECTIVE = latin("<%@");
    private static final byte[] HALT_COMPILER = latin("__halt_compiler");
    private static final int TAR_NAME_AT = 257;
    private static final int DISC_NAME_AT = 0x8001;
    private static final int ZIP_64_LOCATOR_BYTES = 20;
    private static final byte[] COMMENT_OPENING = latin("/*");
    private static final byte[] COMMENT_CLOSING = latin("*/");

    private final Bytes bytes;

    SecondFormat(Bytes bytes) {
        this.bytes = bytes;
    }

    /** Looks where documents and archives begin or end, whatever part of the picture that is. */
    void headAndTail() throws DefectFound {
        if (bytes.matches(TAR_NAME_AT, Signatures.TAR)) {
            throw found("TAR archive", "begins with the picture", TAR_NAME_AT);
        }
        if (bytes.matches(DISC_NAME_AT, Signatures.DISC_IMAGE)) {
            throw found("disc image", "begins with the picture", DISC_NAME_AT);
        }
        pdf();
        zip();
    }

    private void pdf() throws DefectFound {
        int to = Math.min(PDF_HEADER_WITHIN, bytes.length());
        for (int at = bytes.indexOf('%', 0, to); at >= 0; at = bytes.indexOf('%', at + 1, to)) {
            if (bytes.matches(at, Signatures.PDF)) {
                throw found("PDF document", "begins within the picture", at);
            }
        }
    }

    private void zip() throws DefectFound {
        int to = bytes.length() - ZIP_END_BYTES + 1;
        int from = Math.max(0, bytes.length() - ZIP_END_WITHIN);
        for (int at = bytes.indexOf('P', from, to); at >= 0; at = bytes.indexOf('P', at + 1, to)) {
            if (bytes.matches(at, Signatures.ZIP_END) && isZipEnd(at)) {
                throw found("ZIP archive", "ends within the picture", at);
            }
        }
    }

    /**
     * Whether a reader of archives would follow the record at {@code at}, lenient ones included: the directory stands in front of
     * it, or its numbers agree. Chance gives neither.
     */
    private boolean isZipEnd(int at) {
        long directory = 0;
        for (int i = 15; i >= 12; i--) {
            directory = directory << 8 | bytes.byteAt(at + i);
        }
        int disk = bytes.byteAt(at + 4) | bytes.byteAt(at + 5) << 8;
        boolean agrees = disk == 0 && directory <= at && bytes.byteAt(at + 8) == bytes.byteAt(at + 10)
                && bytes.byteAt(at + 9) == bytes.byteAt(at + 11);
        return agrees || bytes.matches(at - directory, Signatures.ZIP_DIRECTORY)
                || bytes.matches(at - ZIP_64_LOCATOR_BYTES, Signatures.ZIP_64_END);
    }

    /** Looks into a part that holds neither pixels nor text that people wrote. */
    void part(int at, int count) throws DefectFound {
        opening(at, count, false);
        beginning(at, count);
    }

    /** Looks into a part that may hold a smaller picture of its own, as cameras and provenance manifests do. */
    void partWithThumbnail(int at, int count) throws DefectFound {
        opening(at, count, false);
    }

    /** Looks into a comment or other text. */
    void text(int at, int count) throws DefectFound {
        opening(at, count, true);
        beginning(at, count);
    }

    private void beginning(int at, int count) throws DefectFound {
        anywhere(Signatures.PNG, "second picture (PNG)", at, count);
        Bytes part = bytes.part(at, count, false);
        String other = otherOrPicture(part, 0);
        if (other != null) {
            throw found(other, "lies in a part that is not for it", at);
        }
    }

    /**
     * Refuses what lies behind the end of the picture, whatever it is.
     *
     * @param at within the body
     */
    DefectFound behind(int at) {
        String other = otherOrPicture(bytes, at);
        return other != null
                ? found(other, "lies behind the picture", at)
                : new DefectFound(Kind.TRAILING_DATA, bytes.length() - at + " bytes lie behind the picture's end.", at);
    }

    private static @Nullable String otherOrPicture(Bytes bytes, int at) {
        ImageFormat picture = Signatures.formatAt(bytes, at);
        return picture != null ? "second picture (" + picture + ")" : Signatures.otherAt(bytes, at);
    }

    /** For signatures that are long enough not to occur by chance, and that readers search for. */
    private void anywhere(byte[] signature, String what, int from, int count) throws DefectFound {
        int to = from + count;
        int first = signature[0] & 0xff;
        for (int at = bytes.indexOf(first, from, to); at >= 0; at = bytes.indexOf(first, at + 1, to)) {
            if (bytes.matches(at, signature)) {
                throw found(what, "lies in a part that is not for it", at);
            }
        }
    }

    private void opening(int from, int count, boolean text) throws DefectFound {
        anywhere(Signatures.RAR, "RAR archive", from, count);
        anywhere(Signatures.SEVEN_ZIP, "7z archive", from, count);
        int to = from + count;
        // What makes a PHP archive of any file, with or without an opening in front.
        for (int at = bytes.indexOf('_', from, to); at >= 0; at = bytes.indexOf('_', at + 1, to)) {
            if (startsWith(at, HALT_COMPILER)) {
                throw found("PHP archive", "lies within the picture", at);
            }
        }
        for (int at = bytes.indexOf('<', from, to); at >= 0; at = bytes.indexOf('<', at + 1, to)) {
            if (isOpening(at) || text && isShortOpening(at)) {
                throw found("page or script", "opens within the picture", at);
            }
        }
    }

    private boolean isOpening(int at) {
        for (byte[] opening : OPENINGS) {
            if (startsWith(at, opening) && endsName(at + opening.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean isShortOpening(int at) {
        return bytes.matches(at, SHORT_ECHO) || bytes.matches(at, SERVER_PAGE_ECHO)
                || bytes.matches(at, SERVER_PAGE_DIRECTIVE);
    }

    /** Compares without regard to letter case; {@code expected} is in lower case. */
    private boolean startsWith(int at, byte[] expected) {
        if (!bytes.has(at, expected.length)) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            int octet = bytes.byteAt(at + i);
            if ((octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** White space, '/' or '>': without one of them readers see a longer name. */
    private boolean endsName(int at) {
        if (!bytes.has(at, 1)) {
            return false;
        }
        int octet = bytes.byteAt(at);
        return octet == '>' || octet == '/' || octet == ' ' || octet >= '\t' && octet <= '\r';
    }

    /**
     * Looks for a comment of JavaScript, C or CSS that opens in a header at {@code at} and hides the picture from that reader.
     *
     * @param to where the part ends in which the comment would have to be closed
     */
    void commentOpening(int at, int to) throws DefectFound {
        if (!bytes.matches(at, COMMENT_OPENING)) {
            return;
        }
        for (int star = bytes.indexOf('*', at + 2, to); star >= 0; star = bytes.indexOf('*', star + 1, to)) {
            if (bytes.matches(star, COMMENT_CLOSING)) {
                throw scriptInHeader(at);
            }
        }
    }

    static DefectFound scriptInHeader(int at) {
        return found("script", "opens within the picture's header", at);
    }

    private static DefectFound found(String what, String where, int at) {
        return new DefectFound(Kind.SECOND_FORMAT, "A " + what + " " + where + ".", at);
    }
}
