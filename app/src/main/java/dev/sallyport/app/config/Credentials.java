package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** The notations of keys and of when they end. What stands in the place of a hash is never repeated: it may be the key itself. */
final class Credentials {
    private static final String INSTANT_PATTERN =
            "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]*)?)?(Z|[+-][0-9]{2}(:[0-9]{2})?))?";
    private static final ValueSchema HASH_SCHEMA = ValueSchema.matching("sha256:[0-9a-f]{64}");

    /** Yields the 64 hexadecimal digits. */
    static final Notation<String> HASH = new Notation<>(
            "`sha256:` and 64 hexadecimal digits, as `./sallyport keys new NAME` prints it", HASH_SCHEMA,
            Credentials::hash);

    /** Yields the whole text, with its prefix. */
    static final Notation<String> DIGEST =
            new Notation<>("`sha256:` and 64 hexadecimal digits", HASH_SCHEMA, Credentials::digest);

    /** A date begins at midnight UTC. */
    static final Notation<Instant> INSTANT = new Notation<>(
            "a date such as `2027-03-01` or an instant such as `2027-03-01T12:00:00Z`",
            ValueSchema.matching(INSTANT_PATTERN),
            Credentials::instant);

    private static final String PREFIX = "sha256:";
    private static final int HASH_DIGITS = 64;

    private Credentials() {}

    private static String hash(String text) throws Malformed {
        if (text.startsWith("sp_")) {
            throw new Malformed("a key in clear must not stand in a file; whoever read the file knows it,"
                    + " so make a new one with `./sallyport keys new NAME` and put the `sha256:…` line that it prints here");
        }
        if (!text.startsWith(PREFIX)) {
            throw new Malformed("not the hash of a key (it is not shown, as it may be a secret);"
                    + " run `./sallyport keys new NAME` and put the `sha256:…` line that it prints here");
        }
        String digits = text.substring(PREFIX.length());
        if (!digits.matches("[0-9a-f]*")) {
            throw new Malformed(
                    "not the hash of a key: after `sha256:` come 64 lower-case hexadecimal digits and nothing else");
        }
        if (digits.length() != HASH_DIGITS) {
            throw new Malformed(
                    "not the hash of a key: after `sha256:` come 64 hexadecimal digits, here are " + digits.length());
        }
        return digits;
    }

    private static String digest(String text) throws Malformed {
        if (!text.matches(PREFIX + "[0-9a-f]{64}")) {
            throw new Malformed(
                    Shown.quoted(text) + " is not a digest; write `sha256:` and 64 lower-case hexadecimal digits");
        }
        return text;
    }

    private static Instant instant(String text) throws Malformed {
        try {
            if (!text.matches(INSTANT_PATTERN)) {
                throw new DateTimeException("another form than that of RFC 3339");
            }
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException unreadable) {
            throw new Malformed(Shown.quoted(text)
                    + " is neither a date such as `2027-03-01` nor an instant such as `2027-03-01T12:00:00Z`");
        }
    }
}
