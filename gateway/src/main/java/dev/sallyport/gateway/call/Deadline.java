package dev.sallyport.gateway.call;

/**
 * The instant by which a call must have ended; it only ever moves nearer.
 *
 * @param atNanos on the injected nano clock; compare by difference, since readings may wrap
 */
public record Deadline(long atNanos) {
    public static Deadline after(long nowNanos, long durationNanos) {
        return new Deadline(nowNanos + durationNanos);
    }

    /** What is left, in nanoseconds; zero or less when it has passed. */
    public long remainingNanos(long nowNanos) {
        return atNanos - nowNanos;
    }

    public boolean passed(long nowNanos) {
        return remainingNanos(nowNanos) <= 0;
    }

    /** The nearer of this deadline and one {@code durationNanos} from now. */
    public Deadline within(long nowNanos, long durationNanos) {
        return durationNanos < remainingNanos(nowNanos) ? after(nowNanos, durationNanos) : this;
    }
}
