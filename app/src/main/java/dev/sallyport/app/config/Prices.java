package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.gateway.limit.Price;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Locale;

/** The notations of what calls cost: amounts, places of usage, time zones. */
final class Prices {
    /**
     * A price for one of something.
     *
     * @param picos    million-millionths of the currency's unit
     * @param currency three capital letters
     */
    record Amount(long picos, String currency) {}

    static final Notation<Amount> AMOUNT = new Notation<>("an amount such as `0.002 USD`",
            ValueSchema.matching("[0-9]{1,6}(\\.[0-9]{1,12})? +[A-Z]{3}"), Prices::amount);

    static final Notation<String> POINTER = new Notation<>("a JSON Pointer such as `/usage/total_tokens`",
            ValueSchema.matching("(/([^/~]|~[01])*)+"), Prices::pointer);

    static final Notation<String> FIELD = new Notation<>("the name of a header field",
            ValueSchema.matching("[A-Za-z][A-Za-z0-9-]{0,63}"), Prices::field);

    static final Notation<ZoneId> ZONE = new Notation<>("a time zone such as `Europe/Berlin` or `UTC`",
            ValueSchema.matching("[A-Za-z][A-Za-z0-9_+/-]{0,63}"), Prices::zone);

    private static final int POINTER_CHARACTERS_MAX = 256;
    private static final int POINTER_DEPTH_MAX = 16;

    private Prices() {}

    private static Amount amount(String text) throws Malformed {
        String[] parts = text.split(" +", -1);
        if (parts.length != 2 || !parts[0].matches("[0-9]{1,6}(\\.[0-9]{1,12})?")) {
            throw new Malformed(Shown.quoted(text)
                    + " is not an amount of up to six digits and twelve decimals with a currency;"
                    + " write for example `0.002 USD`");
        }
        return new Amount(Price.picos(new BigDecimal(parts[0])), currency(parts[1]));
    }

    static String currency(String text) throws Malformed {
        if (!text.matches("[A-Z]{3}")) {
            throw new Malformed(Shown.quoted(text)
                    + " is not the code of a currency; write three capital letters such as `USD`");
        }
        return text;
    }

    private static String pointer(String text) throws Malformed {
        if (!text.matches("(/([^/~]|~[01])*)+") || text.length() > POINTER_CHARACTERS_MAX
                || text.chars().filter(character -> character == '/').count() > POINTER_DEPTH_MAX) {
            throw new Malformed(Shown.quoted(text) + " is not a JSON Pointer of up to " + POINTER_DEPTH_MAX
                    + " names; write for example `/usage/total_tokens`");
        }
        return text;
    }

    private static String field(String text) throws Malformed {
        if (!text.matches("[A-Za-z][A-Za-z0-9-]{0,63}")) {
            throw new Malformed(Shown.quoted(text) + " is not the name of a field; write for example `x-usage`");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static ZoneId zone(String text) throws Malformed {
        if (!text.equals("UTC") && !ZoneId.getAvailableZoneIds().contains(text)) {
            throw new Malformed(Shown.quoted(text) + " is not a time zone" + Nearest.hint(text,
                    ZoneId.getAvailableZoneIds()));
        }
        return ZoneId.of(text);
    }
}
