package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.http.AttemptFailure;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which attempts may be repeated, and which speak against their endpoint. Only before the response has begun:
 *
 * <table>
 * <caption>Repetition</caption>
 * <tr><th>what happened</th><th>repeated when</th></tr>
 * <tr><td>no connection, or certainly nothing done (refused stream, beyond GOAWAY)</td><td>no part of the body was taken; any method</td></tr>
 * <tr><td>the connection broke</td><td>the method is idempotent (RFC 9110 section 9.2.2) and there is no body</td></tr>
 * <tr><td>502, 503, 504</td><td>likewise, and another endpoint is healthy</td></tr>
 * <tr><td>anything else: broken framing, time-outs after the request was sent, a full pool</td><td>never: it would do the same again, or add load where there is too much</td></tr>
 * </table>
 */
final class Repetition {
    private static final Set<RefusalCode> NO_CONNECTION = EnumSet.of(
            RefusalCode.UPSTREAM_CONNECT_FAILED, RefusalCode.UPSTREAM_CONNECT_TIMEOUT, RefusalCode.UPSTREAM_TLS_FAILED);
    private static final Set<RefusalCode> NO_ANSWER = EnumSet.of(
            RefusalCode.UPSTREAM_PROTOCOL_ERROR, RefusalCode.UPSTREAM_FIRST_BYTE_TIMEOUT);

    private Repetition() {}

    static boolean idempotent(RequestHead head, boolean complete) {
        return complete && switch (head.method()) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    static boolean allowed(AttemptFailure failure, RequestHead head, boolean complete, boolean bodyTaken) {
        if (bodyTaken) {
            return false;
        }
        return failure.code() == RefusalCode.UPSTREAM_RESET
                ? failure.unprocessed() || idempotent(head, complete)
                : failure.unprocessed() && NO_CONNECTION.contains(failure.code());
    }

    /** Whether the failure says something about the endpoint's health. */
    static boolean discredits(AttemptFailure failure) {
        return NO_CONNECTION.contains(failure.code())
                || NO_ANSWER.contains(failure.code())
                || failure.code() == RefusalCode.UPSTREAM_RESET && !failure.unprocessed();
    }

    static boolean discredits(int status) {
        return status >= 500;
    }

    static boolean unavailable(int status) {
        return status == 502 || status == 503 || status == 504;
    }
}
