package dev.sallyport.app.config;

import dev.sallyport.app.config.SectionReader.Located;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.limit.LimitRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads all callers, and sees to what must hold between them and the models. */
final class CallersReader {
    private final SectionReader root;
    private final Map<String, Set<String>> versionsByModel;
    private final SpendingReader spending;
    private final SpendingConfiguration shared;
    private final Map<String, String> holders = new HashMap<>();
    private @Nullable String anonymous;

    /** @param versionsByModel the names of the versions of every model in the file; none for a model without versions */
    CallersReader(SectionReader root, Map<String, Set<String>> versionsByModel, SpendingReader spending,
            SpendingConfiguration shared) {
        this.root = root;
        this.versionsByModel = versionsByModel;
        this.spending = spending;
        this.shared = shared;
    }

    /** The valid callers. */
    Map<String, CallerConfiguration> read() {
        Map<String, CallerConfiguration> callers = new LinkedHashMap<>();
        root.each(RootKeys.CALLERS, (name, reader) -> {
            CallerConfiguration caller = caller(name, reader);
            if (caller != null) {
                callers.put(name, caller);
            }
        });
        return callers;
    }

    private @Nullable CallerConfiguration caller(String name, SectionReader reader) {
        if (reader.broken()) {
            return null;
        }
        boolean nameless = reader.value(CallerKeys.ANONYMOUS);
        List<KeyConfiguration> keys = keys(name, reader);
        checkWayIn(reader, nameless);
        if (nameless && anonymous == null) {
            anonymous = name;
        } else if (nameless) {
            reader.error(CallerKeys.ANONYMOUS,
                    "callers." + anonymous + " is whoever calls without a credential already; keep one of them");
        }
        Cohort cohort = reader.value(CallerKeys.COHORT);
        if (nameless && cohort != Cohort.PUBLIC) {
            reader.error(CallerKeys.COHORT, "who shows no credential is `public`; remove it");
        }
        for (Located<String> grant : reader.located(CallerKeys.MAY)) {
            checkGrant(reader, grant);
        }
        List<String> may = reader.values(CallerKeys.MAY);
        if (may.isEmpty()) {
            reader.notice(FindingCode.GRANTS_NOTHING, CallerKeys.MAY, "may call nothing; list models in `may`");
        }
        LimitRule limit = spending.rule(reader, CallerKeys.LIMIT, CallerKeys.CONCURRENCY);
        spending.noticeUnspendable(reader);
        String tenant = tenant(reader);
        Map<String, LimitRule> models = models(reader);
        return keys.isEmpty() != nameless ? null
                : new CallerConfiguration(keys, nameless, cohort, may, limit, tenant, models);
    }

    private String tenant(SectionReader reader) {
        String tenant = reader.optional(CallerKeys.TENANT);
        if (tenant != null && root.has(SpendingKeys.TENANTS) && !shared.tenants().containsKey(tenant)) {
            reader.error(CallerKeys.TENANT, "there is no tenant " + Shown.quoted(tenant)
                    + Nearest.hint(tenant, shared.tenants().keySet()));
        }
        return tenant == null ? Caller.DEFAULT_TENANT : tenant;
    }

    private Map<String, LimitRule> models(SectionReader reader) {
        Map<String, LimitRule> models = new HashMap<>();
        reader.each(SpendingKeys.CALLER_MODELS, (model, rule) -> {
            if (!versionsByModel.containsKey(model)) {
                rule.error(FindingCode.UNKNOWN_MODEL, rule.position(), rule.path() + ": there is no model "
                        + Shown.quoted(model) + Nearest.hint(model, versionsByModel.keySet()));
            }
            models.put(model, spending.rule(rule));
            spending.noticeUnspendable(rule);
        });
        return models;
    }

    private static void checkWayIn(SectionReader reader, boolean nameless) {
        List<Section.Item> ways = Stream.<Section.Item>of(CallerKeys.KEY, CallerKeys.KEYS, CallerKeys.ANONYMOUS)
                .filter(way -> way == CallerKeys.ANONYMOUS ? nameless : reader.has(way))
                .toList();
        if (ways.isEmpty()) {
            reader.error(reader.position(),
                    reader.path() + " has no way in; it needs `key`, `keys` or `anonymous: true`");
        } else if (ways.size() > 1) {
            reader.error(ways.getLast(),
                    "a caller has either `key`, or `keys`, or `anonymous: true`; keep one of them");
        }
    }

    private List<KeyConfiguration> keys(String name, SectionReader reader) {
        List<KeyConfiguration> keys = new ArrayList<>();
        List<SectionReader> holding = reader.has(CallerKeys.KEY) ? List.of(reader) : reader.sections(CallerKeys.KEYS);
        for (SectionReader keyReader : holding) {
            String hash = keyReader.optional(CallerKeys.KEY);
            if (!keyReader.has(CallerKeys.KEY) && !keyReader.broken()) {
                keyReader.error(keyReader.position(), keyReader.path() + " needs `key`");
            }
            KeyConfiguration key = hash == null ? null
                    : new KeyConfiguration(hash, keyReader == reader ? null : keyReader.optional(CallerKeys.EXPIRES));
            String other = hash == null ? null : holders.putIfAbsent(hash, name);
            if (other != null) {
                keyReader.error(CallerKeys.KEY,
                        "callers." + other + " holds this key already; a key has one caller, who holds it once");
            } else if (key != null) {
                keys.add(key);
            }
        }
        if (reader.emptyList(CallerKeys.KEYS)) {
            reader.error(CallerKeys.KEYS, "the list is empty; run `./sallyport keys new " + name + "`");
        }
        return keys;
    }

    /** A pattern may match nothing yet; a name that nothing has is a slip. */
    private void checkGrant(SectionReader reader, Located<String> grant) {
        String[] parts = grant.value().split("@", 2);
        if (parts[0].contains("*")) {
            return;
        }
        Set<String> versions = versionsByModel.get(parts[0]);
        String at = reader.path() + ".may: ";
        if (versions == null) {
            reader.error(FindingCode.UNKNOWN_MODEL, grant.position(), at + "there is no model " + Shown.quoted(parts[0])
                    + Nearest.hint(parts[0], versionsByModel.keySet()));
        } else if (parts.length > 1 && !parts[1].contains("*") && !versions.contains(parts[1])) {
            String known = versions.isEmpty() ? "; it has none, so write `" + parts[0] + "`"
                    : "; it has " + String.join(", ", versions);
            reader.error(FindingCode.UNKNOWN_MODEL, grant.position(),
                    at + "models." + parts[0] + " has no version " + Shown.quoted(parts[1]) + known);
        }
    }
}
