package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * The nonce that opens a WebSocket over HTTP/1.1 (RFC 6455 section 4.1). A client on HTTP/2 sends none (RFC 8441), so
 * that we make one when its tunnel goes on over HTTP/1.1, and check the answer in its place.
 */
record WebSocketKey(String text) {
    static final String PROTOCOL = "websocket";
    static final String FIELD = "sec-websocket-key";
    private static final String ACCEPT_FIELD = "sec-websocket-accept";
    private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static WebSocketKey random(SplittableRandom random) {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        return new WebSocketKey(Base64.getEncoder().encodeToString(nonce));
    }

    /** Checks the endpoint's answer, and takes it out of {@code headers}: the client does not expect it. */
    void requireAccepted(Headers headers) throws ProtocolViolation {
        if (!accept().equals(headers.first(ACCEPT_FIELD))) {
            throw ProtocolViolation.malformed("The field `" + ACCEPT_FIELD + "` does not answer the key.");
        }
        headers.remove(ACCEPT_FIELD);
    }

    String accept() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((text + SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
