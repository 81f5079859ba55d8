package dev.sallyport.app.check;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.KeyConfiguration;
import dev.sallyport.app.config.Places.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether callers' keys have expired, or expire soon with nothing to take over from them. */
final class KeyExpiry {
    private static final Duration SOON = Duration.ofDays(14);

    private KeyExpiry() {}

    static void examine(Subject subject, Findings findings) {
        subject.configuration().callers().forEach((name, caller) -> examine(subject, name, caller, findings));
    }

    private static void examine(Subject subject, String name, CallerConfiguration caller, Findings findings) {
        Instant soon = subject.now().plus(SOON);
        List<KeyConfiguration> keys = caller.keys();
        boolean lasting = keys.stream().anyMatch(key -> isAfter(key.expires(), soon));
        for (int i = 0; i < keys.size(); i++) {
            Instant expires = keys.get(i).expires();
            if (expires == null) {
                continue;
            }
            Place place = subject.places().of("callers", name, "keys", i, "expires");
            if (!isAfter(expires, subject.now())) {
                findings.add(FindingCode.KEY_EXPIRED, place, "is refused since " + Durations.date(expires),
                        "remove the key; `./sallyport keys new " + name + "` makes another");
            } else if (!lasting && !isAfter(expires, soon)) {
                findings.add(FindingCode.KEY_EXPIRES_SOON, place,
                        "expires on " + Durations.date(expires) + ", and no key of this caller lasts longer",
                        "add one beside it now (`./sallyport keys new " + name + "`), so that it can take over");
            }
        }
    }

    private static boolean isAfter(@Nullable Instant expires, Instant instant) {
        return expires == null || expires.isAfter(instant);
    }
}
