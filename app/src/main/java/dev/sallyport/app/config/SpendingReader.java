package dev.sallyport.app.config;

import dev.sallyport.app.config.SectionReader.Located;
import dev.sallyport.gateway.limit.Allowance;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.Price;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.limit.Unit;
import dev.sallyport.gateway.limit.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads prices, quotas and budgets of the whole file, and sees to it that they are in one currency. */
final class SpendingReader {
    private @Nullable String currency;
    private @Nullable Position currencyPosition;
    private boolean priced;
    private boolean allowed;

    /** Whether something has a quota or budget. Complete when everything is read. */
    boolean allowed() {
        return allowed;
    }

    /** The rule of one owner, whose keys are called alike everywhere. */
    LimitRule rule(SectionReader reader, Key<Rate> limit, Key<Integer> concurrency) {
        Integer most = reader.optional(concurrency);
        return new LimitRule(reader.values(limit), most == null ? 0 : most, allowances(reader));
    }

    LimitRule rule(SectionReader reader) {
        return rule(reader, SpendingKeys.LIMIT, SpendingKeys.CONCURRENCY);
    }

    private List<Allowance> allowances(SectionReader reader) {
        List<Allowance> allowances = new ArrayList<>();
        Map<String, Position> seen = new HashMap<>();
        for (Key<Allowance> key : List.of(SpendingKeys.QUOTA, SpendingKeys.BUDGET)) {
            for (Located<Allowance> located : reader.located(key)) {
                Allowance allowance = located.value();
                String kind = allowance.unit().text() + "/" + allowance.window();
                Position earlier = seen.putIfAbsent(kind, located.position());
                if (allowance.unit() instanceof Unit.Currency(String code)) {
                    inOneCurrency(reader, located.position(), key.name(), code);
                }
                if (earlier != null) {
                    reader.error(FindingCode.DUPLICATE, located.position(),
                            at(reader, key.name()) + ": there is one for `" + kind + "` in line "
                                    + earlier.line() + " already; keep the smaller one");
                } else {
                    allowed = true;
                    allowances.add(allowance);
                }
            }
        }
        return allowances;
    }

    /** Says that budgets of {@code reader} can never be spent, when that is so. */
    void noticeUnspendable(SectionReader reader) {
        if (!priced && reader.has(SpendingKeys.BUDGET)) {
            reader.notice(SpendingKeys.BUDGET,
                    "can never be spent, as no model has a cost; give models a `cost`, or use `quota`");
        }
    }

    /** What one model's calls cost, and how what they carry is counted. */
    CostConfiguration cost(SectionReader model) {
        List<Price> prices = prices(model);
        SectionReader instances = model.section(SpendingKeys.INSTANCES);
        if (!model.has(ModelKeys.ACCEPTS)) {
            requireTypes(model, prices);
        }
        return instances == null ? new CostConfiguration(prices, null, 0)
                : new CostConfiguration(prices, instances.optional(SpendingKeys.INSTANCES_POINTER),
                        instances.value(SpendingKeys.INSTANCES_MAX));
    }

    /** Nothing looks into a body of any type, so what it carries would count as one. */
    private static void requireTypes(SectionReader model, List<Price> prices) {
        String remedy = "is counted in bodies of listed media types only; list what the model reads in `accepts`";
        if (prices.stream().anyMatch(price -> price instanceof Price.Each each
                && (each.per() == Price.Per.INSTANCE || each.per() == Price.Per.MEGAPIXEL))) {
            model.error(SpendingKeys.COST, remedy);
        }
        if (model.has(SpendingKeys.INSTANCES)) {
            model.error(SpendingKeys.INSTANCES, remedy);
        }
        if (model.values(ModelKeys.LIMIT).stream().anyMatch(Rate::instances)) {
            model.error(ModelKeys.LIMIT, remedy);
        }
        if (model.values(SpendingKeys.QUOTA).stream().anyMatch(quota -> quota.unit() instanceof Unit.Instances)) {
            model.error(SpendingKeys.QUOTA, remedy);
        }
    }

    /** What all calls may use together. Comes after the models. */
    SpendingConfiguration whole(SectionReader root) {
        Map<String, LimitRule> tenants = new HashMap<>();
        root.each(SpendingKeys.TENANTS, (name, reader) -> {
            tenants.put(name, rule(reader));
            noticeUnspendable(reader);
        });
        LimitRule gateway = rule(root);
        noticeUnspendable(root);
        return new SpendingConfiguration(root.value(SpendingKeys.TIME_ZONE), gateway, tenants);
    }

    private List<Price> prices(SectionReader model) {
        List<Price> prices = new ArrayList<>();
        for (SectionReader cost : model.sections(SpendingKeys.COST)) {
            Price price = price(cost);
            if (price != null) {
                prices.add(price);
                priced = true;
            }
        }
        if (model.emptyList(SpendingKeys.COST)) {
            model.error(SpendingKeys.COST, "the list is empty; write for example `0.002 USD`, or remove it");
        }
        return prices;
    }

    private @Nullable Price price(SectionReader cost) {
        Prices.Amount amount = cost.optional(SpendingKeys.AMOUNT);
        SectionReader usage = cost.section(SpendingKeys.USAGE);
        Integer reserve = cost.optional(SpendingKeys.RESERVE);
        if (!cost.has(SpendingKeys.AMOUNT) && !cost.broken()) {
            cost.error(cost.position(), cost.path() + " needs `amount`");
        }
        if (amount != null) {
            inOneCurrency(cost, cost.position(SpendingKeys.AMOUNT), "amount", amount.currency());
        }
        if (usage == null && cost.has(SpendingKeys.RESERVE)) {
            cost.error(SpendingKeys.RESERVE, "is for what an answer states; add `usage`, or remove it");
        }
        if (usage == null) {
            return amount == null ? null : new Price.Each(amount.picos(), cost.value(SpendingKeys.PER));
        }
        if (cost.has(SpendingKeys.PER)) {
            cost.error(SpendingKeys.PER, "goes against `usage`, whose units the answer states; remove one of them");
        }
        if (!cost.has(SpendingKeys.RESERVE)) {
            cost.error(cost.position(), cost.path()
                    + " needs `reserve`, the units to hold back until the answer states what was used;"
                    + " write for example `reserve: 4000`");
        }
        String header = usage.optional(SpendingKeys.HEADER);
        String pointer = usage.optional(SpendingKeys.POINTER);
        String event = usage.optional(SpendingKeys.EVENT);
        int perEvent = usage.value(SpendingKeys.PER_EVENT);
        if (!usage.broken() && !usage.has(SpendingKeys.HEADER) && !usage.has(SpendingKeys.POINTER)
                && !usage.has(SpendingKeys.EVENT)) {
            usage.error(usage.position(), usage.path() + " names no place; write `header`, `pointer` or `event`");
        }
        if (amount == null || reserve == null || header == null && pointer == null && event == null) {
            return null;
        }
        return new Price.Metered(amount.picos(), new Usage(header, pointer, event), reserve, perEvent);
    }

    private void inOneCurrency(SectionReader reader, Position position, String key, String code) {
        if (currency == null) {
            currency = code;
            currencyPosition = position;
        } else if (!currency.equals(code) && currencyPosition != null) {
            reader.error(position, at(reader, key) + ": is in " + code + ", and line "
                    + currencyPosition.line() + " in " + currency + "; one file has one currency");
        }
    }

    private static String at(SectionReader reader, String key) {
        return reader.path().isEmpty() ? key : reader.path() + "." + key;
    }
}
