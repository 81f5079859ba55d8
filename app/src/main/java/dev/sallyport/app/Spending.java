package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.SpendingConfiguration;
import dev.sallyport.gateway.limit.ChargeRule;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.LimitRules;
import dev.sallyport.gateway.limit.Price;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.limit.Unit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compiles what a configuration says of limits, quotas, budgets and prices. */
final class Spending {
    /** What {@code instances.max} is where instances are counted and nothing is said of it. */
    private static final int INSTANCES_MAX = 1_000;

    private final Configuration configuration;
    /** Whether a rule that may apply to calls of any model counts instances. */
    private final boolean counted;
    private final Set<String> countedModels = new HashSet<>();

    Spending(Configuration configuration) {
        this.configuration = requireNonNull(configuration, "configuration is null");
        SpendingConfiguration shared = configuration.spending();
        boolean everywhere = countsInstances(shared.gateway())
                || shared.tenants().values().stream().anyMatch(Spending::countsInstances);
        for (CallerConfiguration caller : configuration.callers().values()) {
            everywhere |= countsInstances(caller.limit());
            caller.models().forEach((model, rule) -> {
                if (countsInstances(rule)) {
                    countedModels.add(model);
                }
            });
        }
        counted = everywhere;
    }

    /** @param models by resource id */
    LimitRules limitRules(Map<String, LimitRule> models) {
        Map<String, LimitRule> callers = new HashMap<>();
        Map<String, Map<String, LimitRule>> pairs = new HashMap<>();
        configuration.callers().forEach((name, caller) -> {
            callers.put(name, caller.limit());
            if (!caller.models().isEmpty()) {
                pairs.put(name, caller.models());
            }
        });
        return new LimitRules(callers, pairs, models, configuration.spending().tenants(),
                configuration.spending().gateway());
    }

    ChargeRule chargeRule(String name, ModelConfiguration model) {
        int said = model.cost().instancesMax();
        int max = said > 0 ? said : instancesCounted(name, model) ? INSTANCES_MAX : 0;
        return new ChargeRule(model.cost().prices(), max, model.body().bytesMax(), model.timeouts().totalMillis());
    }

    /** Whether a quota or price may count the instances that requests to a model carry, so that they must be looked for. */
    boolean instancesCounted(String name, ModelConfiguration model) {
        return counted || countedModels.contains(name) || countsInstances(model.limit())
                || model.cost().instancesMax() > 0
                || model.cost().prices().stream()
                        .anyMatch(price -> price instanceof Price.Each each && each.per() == Price.Per.INSTANCE);
    }

    private static boolean countsInstances(LimitRule rule) {
        return rule.rates().stream().anyMatch(Rate::instances)
                || rule.allowances().stream().anyMatch(each -> each.unit() instanceof Unit.Instances);
    }
}
