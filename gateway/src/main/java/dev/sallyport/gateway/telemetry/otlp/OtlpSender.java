package dev.sallyport.gateway.telemetry.otlp;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts batches to a collector (OTLP/HTTP 1.x, binary), and tries again as the protocol asks: after 429, 502, 503, 504 and
 * broken connections, with growing pauses or those that {@code Retry-After} names. Blocks; for one thread of its own.
 */
final class OtlpSender {
    static final int ATTEMPTS_MAX = 5;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
    private static final int RETRY_AFTER_DIGITS = 4;
    private static final int ANSWER_BYTES_MAX = 4_096;

    /** Waits between attempts. */
    interface Pause {
        /** Waits; answers false when there is to be no further attempt. */
        boolean nanos(long duration);
    }

    private sealed interface Answer {
        record Final(Delivery delivery) implements Answer {}

        /** @param pauseNanos what the collector asked for; 0 when it named nothing */
        record Again(String reason, long pauseNanos) implements Answer {}
    }

    private final URI url;
    private final @Nullable SSLSocketFactory tls;
    private final SplittableRandom random;
    private final Pause pause;

    /** @param tls for collectors whose certificates the platform does not trust anyway; null: the platform's */
    OtlpSender(URI url, @Nullable SSLSocketFactory tls, SplittableRandom random, Pause pause) {
        this.url = requireNonNull(url, "url is null");
        this.tls = tls;
        this.random = requireNonNull(random, "random is null");
        this.pause = requireNonNull(pause, "pause is null");
    }

    Delivery send(byte[] body, int length) {
        long backOff = FIRST_PAUSE_NANOS;
        for (int attempt = 1;; attempt++) {
            switch (post(body, length)) {
                case Answer.Final(Delivery delivery) -> {
                    return delivery;
                }
                case Answer.Again(String reason, long asked) -> {
                    // Half of it fixed, half random, so that several gateways do not come back together.
                    long wait = asked > 0 ? asked : backOff / 2 + random.nextLong(backOff / 2 + 1);
                    if (attempt == ATTEMPTS_MAX || !pause.nanos(Math.min(wait, PAUSE_NANOS_MAX))) {
                        return new Delivery.Lost(reason);
                    }
                    backOff *= 2;
                }
            }
        }
    }

    private Answer post(byte[] body, int length) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            if (tls != null && connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(tls);
            }
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/x-protobuf");
            connection.setRequestProperty("User-Agent", "sallyport");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(length); // which also keeps the platform from posting twice by itself
            try (OutputStream output = connection.getOutputStream()) {
                output.write(body, 0, length);
            }
            return answer(connection);
        } catch (IOException | RuntimeException failure) { // a URL's own handlers throw both
            return new Answer.Again(url.getAuthority() + ": " + failure.getMessage(), 0);
        }
    }

    private Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status >= 200 && status < 300) {
            try (InputStream input = connection.getInputStream()) {
                byte[] answer = input.readNBytes(ANSWER_BYTES_MAX);
                return new Answer.Final(new Delivery.Taken(PartialSuccess.rejectedSpans(answer)));
            }
        }
        try (InputStream error = connection.getErrorStream()) {
            if (error != null) {
                error.skipNBytes(Math.min(error.available(), ANSWER_BYTES_MAX)); // so that the connection can be used again
            }
        }
        String reason = url.getAuthority() + " answered " + status;
        return switch (status) {
            case 429, 502, 503, 504 -> new Answer.Again(reason, retryAfter(connection.getHeaderField("Retry-After")));
            default -> new Answer.Final(new Delivery.Lost(reason));
        };
    }

    /** The seconds in nanoseconds; 0 when there are none, or a date, whose clock need not be ours. */
    private static long retryAfter(@Nullable String seconds) {
        if (seconds == null || seconds.isEmpty() || seconds.length() > RETRY_AFTER_DIGITS) {
            return 0;
        }
        for (int i = 0; i < seconds.length(); i++) {
            if (seconds.charAt(i) < '0' || seconds.charAt(i) > '9') {
                return 0;
            }
        }
        return TimeUnit.SECONDS.toNanos(Integer.parseInt(seconds));
    }
}
