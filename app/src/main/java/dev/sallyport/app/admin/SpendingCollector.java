package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.limit.Accounts;
import dev.sallyport.gateway.limit.Balance;
import dev.sallyport.gateway.limit.Charge;
import dev.sallyport.gateway.limit.Money;
import dev.sallyport.gateway.limit.Unit;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/** How quotas and budgets stand that several callers share, looked up each time that it is asked. */
public final class SpendingCollector implements MultiCollector {
    /** A page must not grow without bound. */
    private static final int BALANCES_MAX = 2_000;
    private static final double MICROS = Math.pow(10, Money.DECIMALS);

    private final Supplier<Charge> charge;
    private final Accounts accounts;

    /** @param charge of the configuration in force */
    public SpendingCollector(Supplier<Charge> charge, Accounts accounts) {
        this.charge = requireNonNull(charge, "charge is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
    }

    @Override
    public MetricSnapshots collect() {
        List<Balance> balances = charge.get().balances(BALANCES_MAX);
        GaugeSnapshot.Builder used = GaugeSnapshot.builder().name("sallyport_allowance_used")
                .help("What is used of quotas and budgets of models, tenants and the gateway, reservations included.");
        GaugeSnapshot.Builder limit = GaugeSnapshot.builder().name("sallyport_allowance_limit")
                .help("Quotas and budgets of models, tenants and the gateway, in calls, instances or money.");
        for (Balance balance : balances) {
            Labels labels = Labels.of("owner", balance.owner().text(), "name", balance.id(), "unit",
                    balance.unit().text(), "window", balance.window().text());
            used.dataPoint(value(labels, balance.used(), balance.unit()));
            limit.dataPoint(value(labels, balance.limit(), balance.unit()));
        }
        return MetricSnapshots.builder()
                .metricSnapshot(used.build())
                .metricSnapshot(limit.build())
                .metricSnapshot(GaugeSnapshot.builder().name("sallyport_allowance_accounts")
                        .help("Accounts of quotas and budgets that are kept because something is used in their window.")
                        .dataPoint(GaugeDataPointSnapshot.builder().value(accounts.size()).build()).build())
                .metricSnapshot(CounterSnapshot.builder().name("sallyport_budget_uncovered")
                        .help("Money that models said was used beyond what budgets had left, and that was not charged.")
                        .dataPoint(
                                CounterDataPointSnapshot.builder().value(accounts.uncoveredMicros() / MICROS).build())
                        .build())
                .build();
    }

    private static GaugeDataPointSnapshot value(Labels labels, long amount, Unit unit) {
        double value = switch (unit) {
            case Unit.Currency _ -> amount / MICROS;
            case Unit.Calls _,Unit.Instances _ -> amount;
        };
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
