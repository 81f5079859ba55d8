package dev.sallyport.gateway.http;

/** A whole HTTP/2 connection on any frames behind the preface: what comes back is whole frames, and the connection ends. */
public final class Http2ConnectionFuzz {
    private static final FuzzedListener LISTENER = FuzzedListener.open();
    private static final byte[] PREFACE = FuzzedListener.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    private static final int HEADER_BYTES = 9;

    private Http2ConnectionFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] answer = LISTENER.send(PREFACE, input);
        int at = 0;
        while (at + HEADER_BYTES <= answer.length) {
            int length = (answer[at] & 0xFF) << 16 | (answer[at + 1] & 0xFF) << 8 | answer[at + 2] & 0xFF;
            if (length > 16_384) {
                throw new AssertionError("a frame of " + length + " bytes came back");
            }
            at += HEADER_BYTES + length;
        }
    }
}
