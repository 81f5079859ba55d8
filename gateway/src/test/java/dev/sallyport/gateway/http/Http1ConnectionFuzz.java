package dev.sallyport.gateway.http;

import java.nio.charset.StandardCharsets;

/** A whole HTTP/1.1 connection on any bytes: what comes back begins with a status line, and the connection ends. */
public final class Http1ConnectionFuzz {
    private static final FuzzedListener LISTENER = FuzzedListener.open();

    private Http1ConnectionFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String answer = new String(LISTENER.send(input), StandardCharsets.ISO_8859_1);
        if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 ") && !opensHttp2(input)) {
            throw new AssertionError("no answer of HTTP/1.1: " + answer);
        }
    }

    private static boolean opensHttp2(byte[] input) {
        return input.length > 3 && new String(input, 0, 3, StandardCharsets.ISO_8859_1).equals("PRI");
    }
}
