package dev.sallyport.gateway.telemetry.otlp;

import static java.util.Objects.requireNonNull;

/** What became of a batch. */
sealed interface Delivery {
    /**
     * The collector has it.
     *
     * @param rejected spans of it that the collector did not want
     */
    record Taken(long rejected) implements Delivery {}

    /** It is lost. {@code reason} is for the log. */
    record Lost(String reason) implements Delivery {
        public Lost {
            requireNonNull(reason, "reason is null");
        }
    }
}
