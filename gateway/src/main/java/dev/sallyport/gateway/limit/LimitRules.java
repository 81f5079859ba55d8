package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * The limits of all owners; who has no rule is not limited.
 *
 * @param callers         by caller id
 * @param callersOnModels by caller id and then by name of the model; all its versions together
 * @param models          by resource id; rates and concurrency are those of each version, quotas and budgets those of all together
 * @param tenants         by tenant
 * @param gateway         for all calls together
 */
public record LimitRules(Map<String, LimitRule> callers, Map<String, Map<String, LimitRule>> callersOnModels,
        Map<String, LimitRule> models, Map<String, LimitRule> tenants, LimitRule gateway) {
    public LimitRules {
        requireNonNull(callers, "callers is null");
        requireNonNull(callersOnModels, "callersOnModels is null");
        requireNonNull(models, "models is null");
        requireNonNull(tenants, "tenants is null");
        requireNonNull(gateway, "gateway is null");
    }

    /** Limits of callers and models alone. */
    public static LimitRules of(Map<String, LimitRule> callers, Map<String, LimitRule> models) {
        return new LimitRules(callers, Map.of(), models, Map.of(), LimitRule.NONE);
    }
}
