package dev.sallyport.gateway.inspect.json;

/**
 * Reads strings (RFC 8259 section 7) eight bytes at a time, and proves on the way that they are UTF-8 (RFC 3629) and
 * that no escape makes half of a surrogate pair.
 */
final class JsonStrings {
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private JsonStrings() {}

    /**
     * The top bit of each byte that needs a closer look: a quote, a backslash, a control character, not ASCII. The
     * lowest set bit is right; those above it may be set by a borrow.
     */
    static long special(long word) {
        return (word - SPACES | (word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word) & TOPS;
    }

    /** The index behind the closing quote of the string whose first byte is at {@code start}; or the complement of where it breaks. */
    static int end(byte[] bytes, int start) {
        int at = start;
        while (true) {
            long special = special((long) JsonText.WORD.get(bytes, at));
            if (special == 0) {
                at += 8;
                continue;
            }
            at += Long.numberOfTrailingZeros(special) >>> 3;
            byte found = bytes[at];
            if (found == '"') {
                return at + 1;
            }
            if (found < 0) {
                at = beyondAscii(bytes, at);
            } else if (found == '\\') {
                at = escape(bytes, at);
            } else {
                return ~at;
            }
            if (at < 0) {
                return at;
            }
        }
    }

    /** What is wrong at {@code at}, where {@link #end} stopped. */
    static String defect(byte[] bytes, int at, int length) {
        if (at >= length) {
            return "ends within a string";
        }
        if (bytes[at] < 0) {
            return "holds bytes that are not UTF-8";
        }
        if (bytes[at] != '\\') {
            return "holds a control character that is not escaped";
        }
        if (bytes[at + 1] == 'u' && hexadecimal(bytes, at + 2) >= 0) {
            return "escapes half of a surrogate pair";
        }
        return "holds an escape that JSON does not have";
    }

    /** Passes every byte from {@code start} that is not ASCII; the table is RFC 3629 section 4. */
    private static int beyondAscii(byte[] bytes, int start) {
        int at = start;
        while (bytes[at] < 0) {
            int lead = bytes[at] & 0xff;
            if (lead < 0xe0) {
                if (lead < 0xc2 || !follows(bytes[at + 1])) {
                    return ~at;
                }
                at += 2;
            } else if (lead < 0xf0) {
                int second = bytes[at + 1] & 0xff;
                if (second < (lead == 0xe0 ? 0xa0 : 0x80) || second > (lead == 0xed ? 0x9f : 0xbf)
                        || !follows(bytes[at + 2])) {
                    return ~at;
                }
                at += 3;
            } else {
                int second = bytes[at + 1] & 0xff;
                if (lead > 0xf4 || second < (lead == 0xf0 ? 0x90 : 0x80) || second > (lead == 0xf4 ? 0x8f : 0xbf)
                        || !follows(bytes[at + 2]) || !follows(bytes[at + 3])) {
                    return ~at;
                }
                at += 4;
            }
        }
        return at;
    }

    private static boolean follows(byte value) {
        return (value & 0xc0) == 0x80;
    }

    /** The index behind the escape at {@code at}, both halves of a surrogate pair together. */
    private static int escape(byte[] bytes, int at) {
        return switch (bytes[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
            case 'u' -> {
                int unit = hexadecimal(bytes, at + 2);
                if (unit < 0 || Character.isLowSurrogate((char) unit)) {
                    yield ~at;
                }
                if (!Character.isHighSurrogate((char) unit)) {
                    yield at + 6;
                }
                int low = bytes[at + 6] == '\\' && bytes[at + 7] == 'u' ? hexadecimal(bytes, at + 8) : -1;
                yield low >= 0 && Character.isLowSurrogate((char) low) ? at + 12 : ~at;
            }
            default -> ~at;
        };
    }

    /** The value of four hexadecimal digits; negative when they are none. */
    static int hexadecimal(byte[] bytes, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /**
     * Writes what the sound string in {@code bytes} from {@code start} up to {@code end} means, as UTF-8, to the
     * beginning of {@code target}, which is as long at least. Returns how many bytes that are.
     */
    static int unescape(byte[] bytes, int start, int end, byte[] target) {
        int length = 0;
        for (int at = start; at < end; at++) {
            byte found = bytes[at];
            if (found != '\\') {
                target[length++] = found;
                continue;
            }
            at++;
            switch (bytes[at]) {
                case 'b' -> target[length++] = '\b';
                case 'f' -> target[length++] = '\f';
                case 'n' -> target[length++] = '\n';
                case 'r' -> target[length++] = '\r';
                case 't' -> target[length++] = '\t';
                case 'u' -> {
                    int point = hexadecimal(bytes, at + 1);
                    at += 4;
                    if (Character.isHighSurrogate((char) point)) {
                        point = Character.toCodePoint((char) point, (char) hexadecimal(bytes, at + 3));
                        at += 6;
                    }
                    length = encode(point, target, length);
                }
                default -> target[length++] = bytes[at];
            }
        }
        return length;
    }

    private static int encode(int point, byte[] target, int start) {
        int at = start;
        if (point < 0x80) {
            target[at++] = (byte) point;
            return at;
        }
        if (point < 0x800) {
            target[at++] = (byte) (0xc0 | point >> 6);
        } else {
            if (point < 0x10000) {
                target[at++] = (byte) (0xe0 | point >> 12);
            } else {
                target[at++] = (byte) (0xf0 | point >> 18);
                target[at++] = (byte) (0x80 | point >> 12 & 0x3f);
            }
            target[at++] = (byte) (0x80 | point >> 6 & 0x3f);
        }
        target[at++] = (byte) (0x80 | point & 0x3f);
        return at;
    }
}
