package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.RefusalCode;

/**
 * Why an attempt failed.
 *
 * @param code        the refusal that the caller gets when nothing else helps
 * @param detail      what happened, for the log: address and cause, no secret
 * @param unprocessed whether it is certain that the endpoint did not begin to work on the request (nothing was sent,
 *                    REFUSED_STREAM, beyond GOAWAY's last stream), so that even an unsafe request may be repeated
 */
public record AttemptFailure(RefusalCode code, String detail, boolean unprocessed) {
    public AttemptFailure {
        requireNonNull(code, "code is null");
        requireNonNull(detail, "detail is null");
    }
}
