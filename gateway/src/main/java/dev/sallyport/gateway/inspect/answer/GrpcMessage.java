package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.Unpooled;

/** Bounds what a failed gRPC call says, and keeps stack traces out of it (gRPC over HTTP/2, Responses). */
final class GrpcMessage {
    static final int CHARACTERS_MAX = 1_024;

    private static final String MESSAGE = "grpc-message";
    private static final String DETAILS = "grpc-status-details-bin";

    private GrpcMessage() {}

    /** Changes {@code fields}, of a head or of trailers, which may have no status at all. */
    static void clean(Headers fields) {
        String message = fields.first(MESSAGE);
        if (message == null) {
            return;
        }
        if (StackTraces.present(Unpooled.wrappedBuffer(decoded(message).getBytes(ISO_8859_1)))) {
            fields.set(MESSAGE, "upstream-error: the message is withheld");
            fields.remove(DETAILS);
        } else if (message.length() > CHARACTERS_MAX) {
            fields.set(MESSAGE, message.substring(0, cut(message)));
        }
    }

    /** Where to cut so that no escape is cut apart. */
    private static int cut(String message) {
        int percent = message.lastIndexOf('%', CHARACTERS_MAX - 1);
        return percent > CHARACTERS_MAX - 3 ? percent : CHARACTERS_MAX;
    }

    private static String decoded(String message) {
        StringBuilder decoded = new StringBuilder(message.length());
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '%' && i + 2 < message.length()) {
                int high = Character.digit(message.charAt(i + 1), 16);
                int low = Character.digit(message.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    decoded.append((char) (high << 4 | low));
                    i += 2;
                    continue;
                }
            }
            decoded.append(c);
        }
        return decoded.toString();
    }
}
