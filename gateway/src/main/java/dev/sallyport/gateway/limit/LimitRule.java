package dev.sallyport.gateway.limit;

import java.util.List;

/**
 * What limits one owner.
 *
 * @param rates       each must hold; may be empty
 * @param concurrency calls in flight at most; 0: no limit
 * @param allowances  quotas and budgets, of which each must hold; not two of the same unit and window
 */
public record LimitRule(List<Rate> rates, int concurrency, List<Allowance> allowances) {
    public static final LimitRule NONE = new LimitRule(List.of(), 0);

    public LimitRule {
        rates = List.copyOf(rates);
        allowances = List.copyOf(allowances);
        if (concurrency < 0) {
            throw new IllegalArgumentException("concurrency is negative");
        }
        if (allowances.stream().map(each -> each.unit().text() + each.window()).distinct().count() < allowances
                .size()) {
            throw new IllegalArgumentException("two allowances share a unit and a window");
        }
    }

    public LimitRule(List<Rate> rates, int concurrency) {
        this(rates, concurrency, List.of());
    }
}
