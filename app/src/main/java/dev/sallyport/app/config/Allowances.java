package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.gateway.limit.Allowance;
import dev.sallyport.gateway.limit.Money;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.limit.Unit;
import dev.sallyport.gateway.limit.Window;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The notations of what a caller may use: rates, shares, quotas and budgets. */
final class Allowances {
    static final Notation<Rate> RATE =
            new Notation<>("a rate such as `60/min`, `10/s burst 20`, `10/min per address` or `1000 instances/min`",
                    ValueSchema.matching(
                            "0*[1-9][0-9]{0,8}( +instances)?/(s|min|h|day)( +burst +[0-9]{1,9})?( +per +address)?"),
                    Allowances::rate);

    static final Notation<Rate> PLAIN_RATE = new Notation<>("a rate such as `10/min`",
            ValueSchema.matching("0*[1-9][0-9]{0,8}/(s|min|h|day)"), Allowances::plainRate);

    /** From 0 to 1. */
    static final Notation<Double> SHARE = new Notation<>("a share such as `20%`",
            ValueSchema.matching("(0{0,2}[0-9]|0?[0-9]{2}|100)[ \\t]*%"), Allowances::share);

    static final Notation<Allowance> BUDGET = new Notation<>("a budget such as `5 USD/day` or `1 USD/rolling h`",
            ValueSchema.matching("[0-9]{1,12}(\\.[0-9]{1,6})? +[A-Z]{3}/(rolling +)?(h|day|week|month)"),
            Allowances::budget);

    static final Notation<Allowance> QUOTA = new Notation<>(
            "a quota such as `100000/month`, `500 instances/day` or `100/rolling h`",
            ValueSchema.matching("0*[1-9][0-9]{0,14}( +instances)?/(rolling +)?(h|day|week|month)"),
            Allowances::quota);

    private static final Map<String, Long> PERIOD_SECONDS = Map.of("s", 1L, "min", 60L, "h", 3_600L, "day", 86_400L);
    private static final Map<String, Window.Period> WINDOW_PERIODS = Map.of("h", Window.Period.HOUR, "day",
            Window.Period.DAY, "week", Window.Period.WEEK, "month", Window.Period.MONTH);
    private static final Map<String, String> SLIPS = Map.ofEntries(
            Map.entry("sec", "s"), Map.entry("second", "s"), Map.entry("m", "min"), Map.entry("minute", "min"),
            Map.entry("hr", "h"),
            Map.entry("hour", "h"), Map.entry("d", "day"), Map.entry("days", "day"));

    private static final String INSTANCES = "instances/";

    private Allowances() {}

    private static Rate rate(String text) throws Malformed {
        String[] words = text.strip().split(" +");
        boolean instances = words.length > 1 && words[1].startsWith(INSTANCES);
        int slash = words[0].indexOf('/');
        if (slash < 0 && !instances) {
            throw new Malformed(Shown.quoted(text) + " names no period; write for example `60/min`");
        }
        int count = count(instances ? words[0] : words[0].substring(0, slash), text);
        String period = instances ? words[1].substring(INSTANCES.length()) : words[0].substring(slash + 1);
        Long seconds = PERIOD_SECONDS.get(period);
        if (seconds == null) {
            String meant = SLIPS.get(period);
            throw new Malformed("the period " + Shown.quoted(period) + " is none of s, min, h or day"
                    + (meant == null ? "" : "; did you mean `" + count + "/" + meant + "`?"));
        }
        int burst = count;
        Rate.Scope scope = Rate.Scope.WHOLE;
        int next = instances ? 2 : 1;
        if (next + 1 < words.length && words[next].equals("burst")) {
            burst = count(words[next + 1], text);
            next += 2;
        }
        if (next + 1 < words.length && words[next].equals("per") && words[next + 1].equals("address")) {
            scope = Rate.Scope.ADDRESS;
            next += 2;
        }
        if (next < words.length) {
            throw new Malformed(Shown.quoted(words[next])
                    + " is not understood; after the rate come `burst N` and then `per address`, each if wanted");
        }
        return new Rate(count, TimeUnit.SECONDS.toNanos(seconds), burst, scope, instances);
    }

    private static Rate plainRate(String text) throws Malformed {
        Rate rate = rate(text);
        if (text.strip().contains(" ")) {
            throw new Malformed(Shown.quoted(text) + " is more than a count and a period; write for example `10/min`");
        }
        return rate;
    }

    private static int count(String text, String whole) throws Malformed {
        if (text.isEmpty() || text.length() > 9
                || !text.chars().allMatch(character -> Quantities.isDigit((char) character))
                || Integer.parseInt(text) < 1) {
            throw new Malformed(Shown.quoted(whole)
                    + " does not count in whole numbers from 1 to 999999999; write for example `60/min`");
        }
        return Integer.parseInt(text);
    }

    private static double share(String text) throws Malformed {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : "";
        if (number.isEmpty() || number.length() > 3
                || !number.chars().allMatch(character -> Quantities.isDigit((char) character))
                || Integer.parseInt(number) > 100) {
            throw new Malformed(Shown.quoted(text) + " is not a share from `0%` to `100%`; write for example `20%`");
        }
        return Integer.parseInt(number) / 100.0;
    }

    private static Allowance budget(String text) throws Malformed {
        int slash = text.indexOf('/');
        String[] parts = text.substring(0, Math.max(0, slash)).split(" +", -1);
        if (slash < 0 || parts.length != 2) {
            throw new Malformed(
                    Shown.quoted(text) + " is not an amount, a currency and a period; write for example `5 USD/day`");
        }
        if (!parts[0].matches("[0-9]{1,12}(\\.[0-9]{1,6})?") || new BigDecimal(parts[0]).signum() == 0) {
            throw new Malformed(Shown.quoted(parts[0]) + " is not an amount above zero; write for example `5 USD/day`");
        }
        return Allowance.budget(Money.of(new BigDecimal(parts[0]), Prices.currency(parts[1])),
                window(text.substring(slash + 1)));
    }

    private static Allowance quota(String text) throws Malformed {
        int slash = text.indexOf('/');
        String[] parts = text.substring(0, Math.max(0, slash)).split(" +", -1);
        if (slash < 0 || parts.length > 2 || parts.length == 2 && !parts[1].equals("instances")
                || !parts[0].matches("0*[1-9][0-9]{0,14}")) {
            throw new Malformed(Shown.quoted(text)
                    + " is not a number of calls or instances and a period;"
                    + " write for example `100000/month` or `500 instances/day`");
        }
        return new Allowance(parts.length == 2 ? Unit.INSTANCES : Unit.CALLS, Long.parseLong(parts[0]),
                window(text.substring(slash + 1)));
    }

    private static Window window(String text) throws Malformed {
        boolean rolling = text.startsWith("rolling ");
        String period = rolling ? text.substring("rolling ".length()).replaceFirst("^ +", "") : text;
        Window.Period found = WINDOW_PERIODS.get(period);
        if (found == null) {
            throw new Malformed("the period " + Shown.quoted(period) + " is none of h, day, week or month"
                    + Nearest.hint(SLIPS.getOrDefault(period, period), List.of("h", "day", "week", "month")));
        }
        return new Window(found, rolling);
    }
}
