package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

/**
 * The finding on a whole body.
 *
 * @param bytes of the body after any content coding is undone; 0 when that failed
 */
record Inspection(Finding finding, long bytes) {
    Inspection {
        requireNonNull(finding, "finding is null");
    }
}
