package dev.sallyport.app.check;

import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.gateway.upstream.Timeouts;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Whether each waits long enough for the next: {@code client ≥ total ≥ (1 + retries) × (connect + first-byte)}.
 *
 * <p>An attempt may take {@code connect} until it has a connection and {@code first-byte} until its answer begins; a
 * retry follows at once, without a pause. A call whose {@code total} is shorter ends while an attempt that could still
 * succeed is under way, or before it has begun.
 */
final class TimeoutCascade {
    private TimeoutCascade() {}

    static void examine(Subject subject, Findings findings) {
        subject.configuration().models().forEach((name, model) -> compare(subject, name, model, findings));
        subject.configuration().models().entrySet().stream()
                .max(Map.Entry.comparingByValue((left, right) -> Long.compare(total(left), total(right))))
                .ifPresent(slowest -> tellClients(subject, slowest, findings));
    }

    private static long total(ModelConfiguration model) {
        return model.timeouts().totalMillis();
    }

    private static void compare(Subject subject, String name, ModelConfiguration model, Findings findings) {
        Timeouts timeouts = model.timeouts();
        int attempts = 1 + model.retries();
        long attempt = timeouts.connectMillis() + timeouts.firstByteMillis();
        if (timeouts.totalMillis() >= attempts * attempt) {
            return;
        }
        String key = subject.places().has("models", name, "timeouts", "total") ? "total" : "first-byte";
        Place place = subject.places().of("models", name, "timeouts", key);
        findings.add(FindingCode.TIMEOUT_CASCADE, place,
                "%d %s × (connect %s + first-byte %s) = %s, and `total` ends the call after %s".formatted(
                        attempts, attempts == 1 ? "attempt" : "attempts", Durations.text(timeouts.connectMillis()),
                        Durations.text(timeouts.firstByteMillis()), Durations.text(attempts * attempt),
                        Durations.text(timeouts.totalMillis())),
                remedy(timeouts, attempts, attempt));
    }

    private static String remedy(Timeouts timeouts, int attempts, long attempt) {
        long fitting = timeouts.totalMillis() / attempts - timeouts.connectMillis();
        String shorter = fitting < 1 ? "" : "shorten `first-byte` to `" + Durations.text(fitting) + "`, ";
        String fewer = attempts == 1 ? "" : "lower `retries`, ";
        return shorter + fewer + "or lengthen `total` to `" + Durations.text(attempts * attempt) + "`";
    }

    /** A notice and no warning: how long clients wait stands in no file of ours. */
    private static void tellClients(Subject subject, Entry<String, ModelConfiguration> slowest, Findings findings) {
        long total = total(slowest.getValue());
        findings.add(FindingCode.CLIENT_TIMEOUT, subject.places().of("models", slowest.getKey(), "timeouts", "total"),
                "a call may take " + Durations.text(total) + "; clients that give up earlier leave work behind",
                "let clients wait at least as long, or say how long they do in `Sallyport-Timeout-Ms` or `grpc-timeout`");
        long drain = subject.configuration().limits().drainMillis();
        boolean chosen = subject.places().has("limits", "drain-millis")
                || subject.places().has("models", slowest.getKey(), "timeouts", "total");
        if (chosen && drain < total) {
            findings.add(FindingCode.DRAIN_TIMEOUT, subject.places().of("limits", "drain-millis"),
                    "a stop breaks calls off after " + Durations.text(drain) + ", and models." + slowest.getKey()
                            + " may take " + Durations.text(total),
                    "lengthen `limits.drain-millis`, and the time that the supervisor waits before it kills");
        }
    }
}
