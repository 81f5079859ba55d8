package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

/**
 * An active health check: a GET that must be answered with 200 to 399.
 *
 * @param path           absolute
 * @param intervalMillis between two checks of one endpoint
 * @param timeoutMillis  for one check
 * @param failures       in a row that take an endpoint out
 * @param successes      in a row that bring it back
 */
public record HealthSpec(String path, long intervalMillis, long timeoutMillis, int failures, int successes) {
    public HealthSpec {
        requireNonNull(path, "path is null");
        if (intervalMillis < 1 || timeoutMillis < 1 || failures < 1 || successes < 1) {
            throw new IllegalArgumentException("a figure of the health check is below 1");
        }
    }
}
