package dev.sallyport.gateway.call;

/**
 * The field {@code traceparent} (W3C Trace Context, level 2, section 3.2): {@code 00-<trace id>-<parent id>-<flags>}, all
 * lower-case hexadecimal. Kept as the text that goes over the wire, since most calls only pass it on.
 */
public final class TraceParent {
    public static final String FIELD = "traceparent";
    /** Length of a field of version 00 in characters. */
    public static final int LENGTH = 55;
    /** The caller may have recorded trace data. */
    public static final int SAMPLED = 1;
    /** At least the last seven bytes of the trace id are random. */
    public static final int RANDOM = 2;

    private static final int TRACE = 3;
    private static final int PARENT = 36;
    private static final int FLAGS = 53;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    private TraceParent() {}

    /**
     * Whether {@code text} can be read: as version 00, or as a later version by the rules of 00, which may be longer when a
     * dash follows. Ids of nothing but zeros, version ff and capital letters are not valid.
     */
    public static boolean valid(String text) {
        return text.length() >= LENGTH && text.charAt(2) == '-' && text.charAt(PARENT - 1) == '-'
                && text.charAt(FLAGS - 1) == '-'
                && hexadecimal(text, 0, 2) && hexadecimal(text, TRACE, PARENT - 1)
                && hexadecimal(text, PARENT, FLAGS - 1) && hexadecimal(text, FLAGS, LENGTH)
                && !zeros(text, TRACE, PARENT - 1) && !zeros(text, PARENT, FLAGS - 1)
                && !(text.charAt(0) == 'f' && text.charAt(1) == 'f')
                && (text.length() == LENGTH || !zeros(text, 0, 2) && text.charAt(LENGTH) == '-');
    }

    /** The field with which a new trace begins; its id is as random as the two numbers. */
    public static String begin(long traceHigh, long traceLow, long span, boolean sampled) {
        byte[] text = new byte[LENGTH];
        text[0] = '0';
        text[1] = '0';
        text[2] = '-';
        digits(text, TRACE, traceHigh);
        // Of all ids only that of nothing but zeros is not valid.
        digits(text, TRACE + 16, (traceHigh | traceLow) == 0 ? 1 : traceLow);
        return finished(text, span, sampled ? SAMPLED | RANDOM : RANDOM);
    }

    /** The field by which {@code span} becomes the parent of what follows, in the same trace as the valid {@code text}. */
    @SuppressWarnings("deprecation") // the one method that neither encodes nor allocates: all characters are ASCII
    public static String child(String text, long span, boolean sampled) {
        byte[] child = new byte[LENGTH];
        text.getBytes(0, PARENT - 1, child, 0);
        child[0] = '0';
        child[1] = '0';
        return finished(child, span, flags(text) & RANDOM | (sampled ? SAMPLED : 0));
    }

    public static boolean sampled(String text) {
        return (flags(text) & SAMPLED) != 0;
    }

    /** The 32 digits of the trace's id. */
    public static String traceId(String text) {
        return text.substring(TRACE, PARENT - 1);
    }

    /** The 16 digits of the span that the field names. */
    public static String spanId(String text) {
        return text.substring(PARENT, FLAGS - 1);
    }

    private static int flags(String text) {
        return Character.digit(text.charAt(FLAGS), 16) << 4 | Character.digit(text.charAt(FLAGS + 1), 16);
    }

    @SuppressWarnings("deprecation") // likewise
    private static String finished(byte[] text, long span, int flags) {
        text[PARENT - 1] = '-';
        digits(text, PARENT, span == 0 ? 1 : span);
        text[FLAGS - 1] = '-';
        text[FLAGS] = '0';
        text[FLAGS + 1] = (byte) ('0' + flags);
        return new String(text, 0);
    }

    private static void digits(byte[] text, int at, long value) {
        long rest = value;
        for (int i = at + 15; i >= at; i--) {
            text[i] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    private static boolean hexadecimal(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean zeros(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
