package dev.sallyport.gateway.identity;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.ClientNetwork;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The control that names the caller, by an API key in {@code Authorization: Bearer …} or {@code X-Api-Key: …}.
 *
 * <p>A credential that is shown must be right, also where anonymous callers are let in; one that could be read in two ways
 * is refused. No refusal repeats any part of what was shown.
 *
 * <p>A network from which too many were wrong has to wait, longer each time, and meanwhile no credential of it is looked
 * up but those that were right there lately: who guesses learns nothing in that time, and its neighbours go on.
 */
public final class Identify implements Control {
    private static final String AUTHORIZATION = "authorization";
    private static final String API_KEY = "x-api-key";
    private static final String BEARER = "Bearer ";
    /** Longer ones are refused unread. */
    static final int CREDENTIAL_CHARACTERS_MAX = 4_096;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** RFC 6750 section 3.1: no error code where no credential was shown. */
    private static final Refusal MISSING = new Refusal(
            RefusalCode.CREDENTIAL_MISSING,
            "The request shows no credential.",
            Map.of(),
            Map.of("www-authenticate", "Bearer"));
    private static final Refusal REPEATED = invalid("The request repeats a credential field; send one.");
    private static final Refusal DIFFERENT =
            invalid("Authorization and X-Api-Key show different credentials; send one of them.");
    private static final Refusal SCHEME =
            invalid("The Authorization field is not of the form 'Bearer', a space, the key.");
    private static final Refusal TOO_LONG =
            invalid("The credential is longer than " + CREDENTIAL_CHARACTERS_MAX + " characters.");
    private static final Refusal MISTYPED = invalid(
            "The key is damaged: its length, its characters or its checksum are wrong. Look for a typo or a missing part.");
    private static final Refusal UNKNOWN = invalid("No caller holds this key.");

    private final ThreadLocal<KeyHash> hashes = ThreadLocal.withInitial(KeyHash::new);
    private final Keys keys;
    private final @Nullable Caller anonymous;
    private final Time time;
    private final FailureLimit limit;
    private final FailedIdentifications failures;

    /**
     * Identifies by {@code entries}.
     *
     * @param anonymous who a call without any credential is; null: nobody
     * @param failures  what is remembered across snapshots
     */
    public Identify(List<ApiKeyEntry> entries, @Nullable Caller anonymous, Time time, FailureLimit limit,
            FailedIdentifications failures) {
        this(new KeyTable(entries), anonymous, time, limit, failures);
    }

    Identify(Keys keys, @Nullable Caller anonymous, Time time, FailureLimit limit, FailedIdentifications failures) {
        this.keys = requireNonNull(keys, "keys is null");
        this.anonymous = anonymous;
        this.time = requireNonNull(time, "time is null");
        this.limit = requireNonNull(limit, "limit is null");
        this.failures = requireNonNull(failures, "failures is null");
    }

    @Override
    public String name() {
        return "identify";
    }

    @Override
    public Verdict check(Call call) {
        Headers headers = call.request().headers();
        String bearer = null;
        String plain = null;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.equals(AUTHORIZATION)) {
                if (bearer != null) {
                    return REPEATED;
                }
                bearer = headers.value(i);
            } else if (name.equals(API_KEY)) {
                if (plain != null) {
                    return REPEATED;
                }
                plain = headers.value(i);
            }
        }
        if (bearer == null) {
            return plain == null ? withoutCredential(call) : withKey(call, plain, 0);
        }
        int start = keyStart(bearer);
        if (start < 0) {
            return SCHEME;
        }
        if (plain != null && !(plain.length() == bearer.length() - start && bearer.endsWith(plain))) {
            return DIFFERENT;
        }
        return withKey(call, bearer, start);
    }

    private Verdict withoutCredential(Call call) {
        if (anonymous == null) {
            return MISSING;
        }
        call.identified(anonymous);
        return Verdict.PASS;
    }

    private Verdict withKey(Call call, String field, int start) {
        if (field.length() - start > CREDENTIAL_CHARACTERS_MAX) {
            return TOO_LONG;
        }
        KeyHash hash = hashes.get();
        hash.update(field, start);
        long network = ClientNetwork.of(call.peer().client());
        long delay = failures.delayNanos(network);
        if (delay > 0 && !failures.identifiedLately(network, hash)) {
            return delayed(delay);
        }
        KeyTable.Known known = keys.find(hash.first, hash.second, hash.third, hash.fourth);
        if (known == null) {
            fail(network, delay);
            String key = field.substring(start);
            return key.startsWith(ApiKey.PREFIX) && !ApiKey.wellFormed(key) ? MISTYPED : UNKNOWN;
        }
        if (known.expires() != null && time.epochMillis() >= known.expiresEpochMillis()) {
            fail(network, delay);
            return invalid("The key expired at " + known.expires() + "; use a newer one.");
        }
        failures.identified(network, hash);
        call.identified(known.caller());
        return Verdict.PASS;
    }

    /** Counts a credential that was wrong, unless it was let through for having been right: it is no guess. */
    private void fail(long network, long delay) {
        if (delay == 0) {
            failures.failed(network, limit);
        }
    }

    /** Says the same whatever was shown, since it was not looked up. */
    private static Refusal delayed(long nanos) {
        long seconds = Math.max(1, (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
        return Refusal.of(RefusalCode.IDENTIFICATION_LIMITED,
                "Too many credentials from this network were not valid; this one was not looked at. Wait "
                        + seconds + " s.")
                .withField("retry-after", Long.toString(seconds));
    }

    /** Where the key begins in {@code field}; -1 when it is not a bearer credential (RFC 6750 section 2.1, RFC 9110 section 11.4). */
    private static int keyStart(String field) {
        if (!field.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return -1;
        }
        int start = BEARER.length();
        while (start < field.length() && field.charAt(start) == ' ') {
            start++;
        }
        return start < field.length() ? start : -1;
    }

    private static Refusal invalid(String detail) {
        return new Refusal(RefusalCode.CREDENTIAL_INVALID, detail, Map.of(),
                Map.of("www-authenticate", "Bearer error=\"invalid_token\""));
    }
}
