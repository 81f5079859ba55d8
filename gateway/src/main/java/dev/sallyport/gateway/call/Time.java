package dev.sallyport.gateway.call;

/** The two clocks of the gateway, injected wherever time matters. */
public interface Time {
    Time SYSTEM = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };

    /** Monotonic, of arbitrary origin; compare by difference. */
    long nanos();

    /** Wall clock, milliseconds since 1970-01-01T00:00:00Z. */
    long epochMillis();
}
