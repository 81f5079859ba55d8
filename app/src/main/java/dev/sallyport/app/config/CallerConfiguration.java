package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.limit.LimitRule;
import java.util.List;
import java.util.Map;

/**
 * One caller.
 *
 * @param keys      what it shows; empty exactly when it is anonymous
 * @param anonymous whether it is whoever calls without a credential
 * @param may       patterns of what it may call; empty: nothing
 * @param tenant    the tenant that it belongs to
 * @param models    what it may use of single models, by their names
 */
public record CallerConfiguration(List<KeyConfiguration> keys, boolean anonymous, Cohort cohort, List<String> may,
        LimitRule limit, String tenant, Map<String, LimitRule> models) {
    public CallerConfiguration {
        keys = List.copyOf(keys);
        requireNonNull(cohort, "cohort is null");
        may = List.copyOf(may);
        requireNonNull(limit, "limit is null");
        requireNonNull(tenant, "tenant is null");
        models = Map.copyOf(models);
        if (keys.isEmpty() != anonymous) {
            throw new IllegalArgumentException("a caller has keys or is anonymous");
        }
    }
}
