package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.Rule;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.limit.Rate;
import java.time.Instant;
import java.util.Map;

/** The keys of a caller. */
final class CallerKeys {
    static final Key<String> KEY =
            Key.optional("key", Credentials.HASH, "The SHA-256 of the caller's key; the key itself stands nowhere.");
    static final Key<Instant> EXPIRES = Key.optional("expires", Credentials.INSTANT,
            "From when the key is refused. A date begins at midnight UTC.");
    static final SectionKey KEYS =
            new SectionKey("keys", new Shape.Shorthand(KEY),
                    Section.of("callers.NAME.keys", KEY, EXPIRES).with(new Rule.Required(KEY)),
                    "Several keys, so that one can take over from another.");
    static final Key<Boolean> ANONYMOUS =
            Key.with("anonymous", Words.FLAG, "false", "Whether this is whoever calls without a credential.");
    static final Key<Cohort> COHORT = Key.with("cohort",
            Words.choice(Map.of("internal", Cohort.INTERNAL, "partner", Cohort.PARTNER, "public", Cohort.PUBLIC)),
            "public", "How close to us the caller is.");
    static final Key<String> MAY = Key.several("may", Words.GRANT,
            "What the caller may call: `model`, `model@version`, or patterns with `*`. Absent: nothing.");
    static final Key<Rate> LIMIT =
            Key.several("limit", Allowances.RATE, "How often the caller may call; each rate must hold.");
    static final Key<Integer> CONCURRENCY =
            Key.optional("concurrency", Words.number(1, 1_000_000), "How many calls the caller may have in flight.");
    static final Key<String> TENANT = Key.optional("tenant", Words.NAME,
            "The tenant that the caller belongs to; one of `tenants` when those are listed.");

    static final Section SECTION = Section.of(
            "callers.NAME", KEY, KEYS, ANONYMOUS, COHORT, MAY, LIMIT, CONCURRENCY, TENANT,
            SpendingKeys.QUOTA, SpendingKeys.BUDGET, SpendingKeys.CALLER_MODELS)
            .with(new Rule.ExactlyOne(KEY, KEYS, ANONYMOUS));

    private CallerKeys() {}
}
