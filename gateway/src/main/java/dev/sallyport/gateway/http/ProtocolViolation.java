package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;

/**
 * A message breaks a rule of the protocol or one of our bounds. Leaves the parser as an exception, without stack, because
 * it ends a deep descent; whoever called the parser turns it into a refusal or a failed attempt.
 */
final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1;

    private final RefusalCode code;
    private final String detail;

    /** @param detail one sentence that names the rule; never repeats what was received */
    ProtocolViolation(RefusalCode code, String detail) {
        super(detail, null, false, false);
        this.code = requireNonNull(code, "code is null");
        this.detail = requireNonNull(detail, "detail is null");
    }

    static ProtocolViolation malformed(String detail) {
        return new ProtocolViolation(RefusalCode.MALFORMED_REQUEST, detail);
    }

    /** What a client is refused with; an upstream's violation is always a protocol error. */
    RefusalCode code() {
        return code;
    }

    String detail() {
        return detail;
    }

    Refusal refusal() {
        return Refusal.of(code, detail);
    }
}
