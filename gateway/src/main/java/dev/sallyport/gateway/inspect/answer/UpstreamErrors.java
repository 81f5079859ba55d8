package dev.sallyport.gateway.inspect.answer;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.call.Time;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a refusal into the place of an upstream's error, and the beginning of what it said into the logs. */
final class UpstreamErrors {
    /** How much of an error is shown in the log. */
    static final int SHOWN_BYTES_MAX = 4 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamErrors.class);
    /** Whoever can make a model fail must not be able to fill the log: so often at most an error is shown at length. */
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** What the access log keeps of it. */
    private static final int FAILURE_CHARACTERS_MAX = 500;
    private static final int RETRY_AFTER_DIGITS_MAX = 5;

    private final Time time;
    private final AtomicLong nextNanos;
    private final AtomicLong unshown = new AtomicLong();

    UpstreamErrors(Time time) {
        this.time = requireNonNull(time, "time is null");
        nextNanos = new AtomicLong(time.nanos());
    }

    /** Makes the refusal from the beginning of a body as it came, which stays the caller's, and notes it. */
    Refusal withhold(Call call, ResponseHead head, ByteBuf beginning) {
        String coding = head.headers().first("content-encoding");
        boolean plain = coding == null || coding.equalsIgnoreCase("identity");
        note(call, head, plain ? Excerpt.of(beginning, SHOWN_BYTES_MAX) : "a body whose content coding is not undone");
        return refusal(head);
    }

    static Refusal refusal(ResponseHead head) {
        int status = head.status();
        Refusal refusal = Refusal.of(RefusalCode.UPSTREAM_ERROR,
                "The upstream answered " + status
                        + ". What it said is kept in the gateway's log, under this call's id.")
                .withMember("upstream-status", status);
        String retryAfter = retryAfter(status, head.headers());
        return retryAfter == null ? refusal : refusal.withField("retry-after", retryAfter);
    }

    /** Keeps for the operator what the upstream {@code said}, which is safe for a log. */
    void note(Call call, ResponseHead head, String said) {
        String failure = call.endpoint() + " answered " + head.status() + ": " + said;
        call.failed(failure.length() <= FAILURE_CHARACTERS_MAX ? failure
                : failure.substring(0, FAILURE_CHARACTERS_MAX) + "…");
        if (mayShow()) {
            LOG.warn("call {}: {}{}", call.id(), failure, others());
        } else {
            unshown.incrementAndGet();
        }
    }

    private boolean mayShow() {
        long now = time.nanos();
        long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS);
    }

    private String others() {
        long others = unshown.getAndSet(0);
        return others == 0 ? "" : " (" + others + " other errors were not shown; the access log has them)";
    }

    /** The seconds that a 503 asks a client to wait (RFC 9110 section 10.2.3), up to a day or so; null when it names none. */
    private static @Nullable String retryAfter(int status, Headers headers) {
        String value = status == 503 ? headers.first("retry-after") : null;
        if (value == null || value.isEmpty() || value.length() > RETRY_AFTER_DIGITS_MAX) {
            return null;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return null;
            }
        }
        return value;
    }
}
