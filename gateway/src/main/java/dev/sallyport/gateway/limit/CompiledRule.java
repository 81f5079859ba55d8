package dev.sallyport.gateway.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule, ready to be applied; shared by all owners whose rules are equal.
 *
 * @param rates       in the order of the rule
 * @param instanceRates those that count instances, which are not told to clients
 * @param concurrency calls in flight at most; 0: no limit
 * @param place       what clients see the limit of calls in flight called
 * @param allowances  in the order of the rule
 * @param policy      the value of RateLimit-Policy; null when nothing is limited
 */
record CompiledRule(List<CompiledRate> rates, List<CompiledRate> instanceRates, int concurrency, String place,
        List<CompiledAllowance> allowances,
        @Nullable String policy) {
    static CompiledRule of(Owner owner, LimitRule rule, WindowClocks clocks) {
        List<CompiledRate> rates = new ArrayList<>();
        List<CompiledRate> instanceRates = new ArrayList<>();
        List<String> policies = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        Map<String, Integer> counters = new HashMap<>();
        for (Rate rate : rule.rates()) {
            String name = switch (rate.scope()) {
                case WHOLE -> owner.text();
                case ADDRESS -> owner.text() + "-address";
            } + (rate.instances() ? "-instances" : "");
            int number = names.merge(name, 1, Integer::sum);
            int ordinal = counters.merge(rate.scope() + " " + rate.periodNanos() + rate.instances(), 1, Integer::sum);
            CompiledRate compiled = new CompiledRate(rate, number == 1 ? name : name + "-" + number,
                    rate.instances() ? -ordinal : ordinal);
            if (rate.instances()) {
                instanceRates.add(compiled);
                continue;
            }
            rates.add(compiled);
            policies.add(compiled.policy());
        }
        String place = owner.text() + "-concurrency";
        if (rule.concurrency() > 0) {
            policies.add("\"" + place + "\";q=" + rule.concurrency() + ";qu=\"concurrent-requests\"");
        }
        return new CompiledRule(List.copyOf(rates), List.copyOf(instanceRates), rule.concurrency(), place,
                allowances(owner, rule, clocks), policies.isEmpty() ? null : String.join(", ", policies));
    }

    private static List<CompiledAllowance> allowances(Owner owner, LimitRule rule, WindowClocks clocks) {
        List<CompiledAllowance> allowances = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (Allowance allowance : rule.allowances()) {
            String name = owner.text() + switch (allowance.unit()) {
                case Unit.Calls _,Unit.Instances _ -> "-quota";
                case Unit.Currency _ -> "-budget";
            };
            int number = names.merge(name, 1, Integer::sum);
            allowances.add(new CompiledAllowance(allowance, clocks.of(allowance.window()),
                    number == 1 ? name : name + "-" + number));
        }
        return List.copyOf(allowances);
    }

    /** Whether some of its rates and allowances count instances. */
    boolean countsInstances() {
        for (int i = 0; i < allowances.size(); i++) {
            if (allowances.get(i).allowance().unit() instanceof Unit.Instances) {
                return true;
            }
        }
        return !instanceRates.isEmpty();
    }
}
