package dev.sallyport.app.config;

import dev.sallyport.app.config.Prices.Amount;
import dev.sallyport.app.config.Section.Rule;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.gateway.limit.Allowance;
import dev.sallyport.gateway.limit.Price;
import dev.sallyport.gateway.limit.Rate;
import java.time.ZoneId;
import java.util.Map;

/** The keys of prices, quotas and budgets, wherever they stand. */
final class SpendingKeys {
    static final Key<ZoneId> TIME_ZONE = Key.with("time-zone", Prices.ZONE, "UTC",
            "Where the hours, days, weeks (from Monday) and months of quotas and budgets begin.");

    static final Key<String> HEADER =
            Key.optional("header", Prices.FIELD, "A field of the answer; it goes before the other places.");
    static final Key<String> POINTER =
            Key.optional("pointer", Prices.POINTER, "A place in an answer that is JSON.");
    static final Key<String> EVENT = Key.optional("event", Prices.POINTER,
            "A place in the data of server-sent events; the last event that has it counts.");
    static final Key<Integer> PER_EVENT = Key.with("per-event", Words.number(0, 1_000_000), "0",
            "Units that each event counts as while none has stated any, so that a stream ends in time.");
    static final SectionKey USAGE = new SectionKey("usage", new Shape.One(),
            Section.of("models.NAME.cost.usage", HEADER, POINTER, EVENT, PER_EVENT),
            "Where the answer says how many units were used. Needs `reserve`.");

    static final Key<Amount> AMOUNT = Key.optional("amount", Prices.AMOUNT, "What one of it costs.");
    static final Key<Price.Per> PER = Key.with("per",
            Words.choice(Map.of("call", Price.Per.CALL, "instance", Price.Per.INSTANCE, "megapixel",
                    Price.Per.MEGAPIXEL, "KiB", Price.Per.KIB)),
            "call", "What it is the price of; pro rata. Not with `usage`.");
    static final Key<Integer> RESERVE = Key.optional("reserve", Words.number(1, 1_000_000_000),
            "Units that are held back until the answer states its usage, and charged when it does not.");
    static final SectionKey COST = new SectionKey("cost", new Shape.Shorthand(AMOUNT),
            Section.of("models.NAME.cost", AMOUNT, PER, USAGE, RESERVE).with(new Rule.Required(AMOUNT))
                    .with(new Rule.Together(USAGE, RESERVE)),
            "What a call costs: `0.002 USD`, or prices that add up. Budgets are charged with it.");

    static final Key<String> INSTANCES_POINTER = Key.optional("pointer", Prices.POINTER,
            "The array in a request of JSON whose elements are counted. Absent: the known shapes.");
    static final Key<Integer> INSTANCES_MAX =
            Key.with("max", Words.number(1, 1_000_000), "1000", "Instances that one call may carry at most.");
    static final SectionKey INSTANCES = new SectionKey("instances", new Shape.One(),
            Section.of("models.NAME.instances", INSTANCES_POINTER, INSTANCES_MAX),
            "How pictures, rows or prompts of a request are counted, and how many one call may carry.");

    static final Key<Allowance> QUOTA = Key.several("quota", Allowances.QUOTA,
            "Calls or instances in an hour, day, week or month of the calendar, or in any `rolling` one.");
    static final Key<Allowance> BUDGET = Key.several("budget", Allowances.BUDGET,
            "What calls may cost in an hour, day, week or month of the calendar, or in any `rolling` one.");
    static final Key<Rate> LIMIT =
            Key.several("limit", Allowances.RATE, "How often may be called; each rate must hold.");
    static final Key<Integer> CONCURRENCY =
            Key.optional("concurrency", Words.number(1, 1_000_000), "How many calls may be in flight.");

    static final SectionKey TENANTS = new SectionKey("tenants", new Shape.Named(),
            Section.of("tenants.NAME", LIMIT, CONCURRENCY, QUOTA, BUDGET),
            "What all callers of a tenant may use together, by name.");
    static final SectionKey CALLER_MODELS = new SectionKey("models", new Shape.Named(),
            Section.of("callers.NAME.models.MODEL", LIMIT, CONCURRENCY, QUOTA, BUDGET),
            "What this caller may use of single models, by name; all versions together.");

    private SpendingKeys() {}
}
