package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import org.jspecify.annotations.Nullable;

/** Checks what a client must send to open a WebSocket over HTTP/1.1 (RFC 6455 section 4.2.1). Other upgrades are ignored. */
final class WebSocketHandshake {
    private static final String PROTOCOL = "websocket";
    private static final String VERSION = "13";
    private static final int KEY_LENGTH = 24;

    private WebSocketHandshake() {}

    /** The protocol to upgrade to; null when the client asks for none that we serve (RFC 9110 section 7.8). */
    static @Nullable String upgrade(String method, FieldSection fields, long bodyLength) throws ProtocolViolation {
        String offered = fields.upgrade();
        if (offered == null || !offersWebSocket(offered)) {
            return null;
        }
        Headers headers = fields.headers();
        if (!method.equals("GET") || bodyLength != 0) {
            throw ProtocolViolation.malformed("A WebSocket is opened by a GET without a body.");
        }
        if (headers.count("sec-websocket-version") != 1 || !VERSION.equals(headers.first("sec-websocket-version"))) {
            throw ProtocolViolation.malformed("The field `sec-websocket-version` is not " + VERSION + ".");
        }
        if (!isKey(headers.first("sec-websocket-key"))) {
            throw ProtocolViolation.malformed("The field `sec-websocket-key` is not 16 bytes in base 64.");
        }
        return PROTOCOL;
    }

    private static boolean offersWebSocket(String upgrade) {
        for (String protocol : FieldSection.members(upgrade)) {
            if (protocol.equalsIgnoreCase(PROTOCOL)) {
                return true;
            }
        }
        return false;
    }

    /** Sixteen bytes are 22 digits, the last of which carries two bits, and two paddings. */
    private static boolean isKey(@Nullable String key) {
        if (key == null || key.length() != KEY_LENGTH || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < KEY_LENGTH - 2; i++) {
            char c = key.charAt(i);
            boolean digit =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/';
            if (!digit) {
                return false;
            }
        }
        return "AQgw".indexOf(key.charAt(KEY_LENGTH - 3)) >= 0;
    }
}
