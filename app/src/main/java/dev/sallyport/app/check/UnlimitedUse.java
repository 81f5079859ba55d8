package dev.sallyport.app.check;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.SpendingJournal;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.Unit;
import dev.sallyport.gateway.policy.NamePattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What callers and tenants may use without a bound: how often, how much at once, how much in all. */
final class UnlimitedUse {
    private final Subject subject;
    private final Configuration configuration;
    private final Findings findings;
    /** Whether an entry of `may` grants some model without a cost. */
    private final Map<String, Boolean> freeByGrant = new HashMap<>();

    private UnlimitedUse(Subject subject, Findings findings) {
        this.subject = subject;
        configuration = subject.configuration();
        this.findings = findings;
    }

    static void examine(Subject subject, Findings findings) {
        UnlimitedUse use = new UnlimitedUse(subject, findings);
        use.configuration.callers().forEach(use::caller);
        use.configuration.spending().tenants().forEach(use::tenant);
        use.memory();
    }

    private void caller(String name, CallerConfiguration caller) {
        LimitRule tenant = configuration.spending().tenants().getOrDefault(caller.tenant(), LimitRule.NONE);
        List<LimitRule> rules = List.of(caller.limit(), tenant);
        if (rules.stream().allMatch(rule -> rule.rates().isEmpty())) {
            findings.add(FindingCode.CALLER_UNLIMITED, subject.places().of("callers", name, "limit"),
                    "has no rate, and may call as often as it can", "add a `limit` such as `60/min`");
        }
        if (rules.stream().allMatch(rule -> rule.concurrency() == 0)) {
            findings.add(FindingCode.CALLER_UNBOUNDED, subject.places().of("callers", name, "concurrency"),
                    "may have any number of calls in flight", "add a `concurrency` such as `10`");
        }
        if (rules.stream().allMatch(rule -> rule.allowances().isEmpty())) {
            findings.add(FindingCode.CALLER_WITHOUT_QUOTA, subject.places().of("callers", name, "quota"),
                    "has neither quota nor budget, so nothing bounds what it uses in the long run",
                    "add a `quota` such as `100000/month`, or a `budget` such as `5 USD/day`");
        }
        if (hasBudget(caller) && caller.may().stream().anyMatch(this::grantsWhatIsFree)) {
            findings.add(FindingCode.BUDGET_WITHOUT_COST, subject.places().of("callers", name, "budget"),
                    "something that this caller may call has no cost, and the budget does not hold that back",
                    "give the models a `cost`, or the caller a `quota`");
        }
    }

    private static boolean hasBudget(CallerConfiguration caller) {
        return Stream.concat(Stream.of(caller.limit()), caller.models().values().stream())
                .flatMap(rule -> rule.allowances().stream()).anyMatch(each -> each.unit() instanceof Unit.Currency);
    }

    private boolean grantsWhatIsFree(String entry) {
        return freeByGrant.computeIfAbsent(entry, grant -> configuration.models().entrySet().stream()
                .filter(model -> model.getValue().cost().prices().isEmpty())
                .anyMatch(model -> model.getValue().versions().keySet().stream()
                        .anyMatch(version -> NamePattern.grants(grant, model.getKey(), version))));
    }

    private void tenant(String name, LimitRule rule) {
        if (rule.equals(LimitRule.NONE)) {
            findings.add(FindingCode.TENANT_UNLIMITED, subject.places().of("tenants", name),
                    "its callers together may use as much as they can", "add a `limit`, `quota` or `budget`");
        }
    }

    /** A restart forgets what was spent when it is written down nowhere. */
    private void memory() {
        boolean spends = Stream.of(
                Stream.of(configuration.spending().gateway()), configuration.spending().tenants().values().stream(),
                configuration.models().values().stream().map(model -> model.limit()),
                configuration.callers().values().stream()
                        .flatMap(caller -> Stream.concat(Stream.of(caller.limit()), caller.models().values().stream())))
                .flatMap(rules -> rules).anyMatch(rule -> !rule.allowances().isEmpty());
        if (spends && configuration.spendingJournal() instanceof SpendingJournal.None) {
            findings.add(FindingCode.SPENDING_FORGOTTEN, subject.places().of("spending", "journal"),
                    "what was spent is forgotten at a restart, and quotas and budgets begin anew",
                    "name a directory in `spending.journal`");
        }
    }
}
