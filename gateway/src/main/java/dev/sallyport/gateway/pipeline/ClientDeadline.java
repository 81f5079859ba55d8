package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long the client is willing to wait: {@code grpc-timeout} (gRPC over HTTP/2, Requests: at most eight digits
 * and a unit) or {@code sallyport-timeout-ms} (at most twelve digits). What is not of that form is ignored: a
 * client can only shorten its own call.
 */
final class ClientDeadline {
    static final String FIELD = "sallyport-timeout-ms";
    static final String GRPC_FIELD = "grpc-timeout";
    private static final int GRPC_DIGITS = 8;
    private static final int MILLIS_DIGITS = 12;
    private static final long MILLI = 1_000_000;

    private ClientDeadline() {}

    static Deadline of(Headers headers, long nowNanos, long longestNanos) {
        Deadline deadline = Deadline.after(nowNanos, longestNanos);
        String grpc = headers.first(GRPC_FIELD);
        if (grpc != null && grpc.length() > 1) {
            long count = digits(grpc, grpc.length() - 1, GRPC_DIGITS);
            long unit = unitNanos(grpc.charAt(grpc.length() - 1));
            if (count >= 0 && unit > 0) {
                deadline = deadline.within(nowNanos, count > longestNanos / unit ? longestNanos : count * unit);
            }
        }
        String millis = headers.first(FIELD);
        if (millis != null) {
            long count = digits(millis, millis.length(), MILLIS_DIGITS);
            if (count >= 0) {
                deadline = deadline.within(nowNanos, count > longestNanos / MILLI ? longestNanos : count * MILLI);
            }
        }
        return deadline;
    }

    private static long digits(@Nullable String text, int end, int most) {
        if (text == null || end == 0 || end > most) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static long unitNanos(char unit) {
        return switch (unit) {
            case 'H' -> 3_600_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'm' -> 1_000_000L;
            case 'u' -> 1_000L;
            case 'n' -> 1L;
            default -> 0;
        };
    }
}
