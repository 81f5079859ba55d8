package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.app.config.Section.Rule;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.gateway.telemetry.Sampling;
import dev.sallyport.gateway.upstream.EndpointSpec;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The keys of what is told of the calls: access log and traces. */
final class TelemetryKeys {
    /** From 0 to 1. */
    private static final Notation<Double> RATIO = new Notation<>("a share of the calls such as `1%` or `0.1%`",
            ValueSchema.matching("(100(\\.0{1,3})?|0?[0-9]{1,2}(\\.[0-9]{1,3})?)[ \\t]*%"), TelemetryKeys::ratio);
    private static final Notation<Sampling.Allowance> ALLOWANCE = new Notation<>(
            "a number of calls per second or minute such as `10/s`",
            ValueSchema.matching("[1-9][0-9]{0,5}/(s|min)"), TelemetryKeys::allowance);

    static final Key<String> ACCESS_LOG = Key.with("access-log", Words.FILE, "stdout",
            "Where one JSON line per call goes: `stdout`, `none`, or a file.");

    static final Key<EndpointSpec> URL = Key.optional("url", Addresses.URL,
            "The collector (OTLP over HTTP), without the path `/v1/traces`.");
    static final Key<String> TRUST = Key.optional("trust", Words.FILE,
            "The authorities that sign the collector's certificate, PEM. Default: those of the Java platform.");
    static final SectionKey OTLP = new SectionKey("otlp", new Shape.OneOrValue(URL),
            Section.of("telemetry.otlp", URL, TRUST).with(new Rule.Required(URL)),
            "Where traces go (OpenTelemetry protocol). Absent: nothing is traced here, and the trace context of clients passes on as it came.");
    static final Key<Double> SAMPLE = Key.with("sample", RATIO, "1%", "The share of calls that are traced.");
    static final Key<Sampling.Allowance> REQUESTED = Key.with("sample-requested", ALLOWANCE, "10/s",
            "How many calls are traced because one of `proxies` asks for it (the flag `sampled` of `traceparent`). Nobody else's flag counts.");
    static final Key<Sampling.Allowance> FAILURES = Key.optional("sample-failures", ALLOWANCE,
            "How many calls that did not succeed are traced besides. Absent: none.");

    static final Section SECTION =
            Section.of("telemetry", ACCESS_LOG, OTLP, SAMPLE, REQUESTED, FAILURES);

    private TelemetryKeys() {}

    static AccessLogTarget accessLog(@Nullable SectionReader reader, Directory directory) {
        String target = reader == null ? ACCESS_LOG.fallbackValue() : reader.value(ACCESS_LOG);
        return switch (target) {
            case "stdout" -> new AccessLogTarget.StandardOutput();
            case "none" -> new AccessLogTarget.None();
            default -> new AccessLogTarget.File(directory.resolve(target));
        };
    }

    /** Where traces go; null when they go nowhere. */
    static @Nullable TraceConfiguration traces(@Nullable SectionReader reader, Directory directory) {
        if (reader == null) {
            return null;
        }
        SectionReader otlp = reader.section(OTLP);
        if (otlp == null) {
            for (Key<?> key : new Key<?>[]{SAMPLE, REQUESTED, FAILURES}) {
                if (reader.has(key)) {
                    reader.error(key, "traces go nowhere; name a collector in `otlp`, or remove this");
                }
            }
            return null;
        }
        if (!otlp.has(URL) && !otlp.broken()) {
            otlp.error(otlp.position(), otlp.path() + " needs `url`");
        }
        EndpointSpec url = otlp.optional(URL);
        Path trust = directory.readable(otlp, TRUST);
        if (url == null) {
            return null;
        }
        if (!url.secure()) {
            if (otlp.has(TRUST)) {
                otlp.error(TRUST, "the collector is reached in plain text; write `https://` in `url`, or remove this");
            }
            if (!loopback(url.host())) {
                otlp.notice(URL, "traces pass in plain text where others can read them; write `https://`,"
                        + " or run a collector on this machine");
            }
        }
        URI collector = URI.create((url.secure() ? "https://" : "http://") + url.hostAndPort() + url.basePath()
                + "/v1/traces");
        return new TraceConfiguration(collector, trust,
                new Sampling(reader.value(SAMPLE), reader.value(REQUESTED), reader.optional(FAILURES)));
    }

    private static boolean loopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static double ratio(String text) throws Malformed {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : "";
        if (!number.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")
                || new BigDecimal(number).compareTo(new BigDecimal(100)) > 0) {
            throw new Malformed(Shown.quoted(text) + " is not a share from `0%` to `100%`; write for example `1%`");
        }
        return new BigDecimal(number).movePointLeft(2).doubleValue();
    }

    private static Sampling.Allowance allowance(String text) throws Malformed {
        if (!text.matches("[1-9][0-9]{0,5}/(s|min)")) {
            throw new Malformed(
                    Shown.quoted(text) + " is not a number of calls per `s` or `min`; write for example `10/s`");
        }
        int slash = text.indexOf('/');
        int count = Integer.parseInt(text.substring(0, slash));
        long period = text.endsWith("/s") ? TimeUnit.SECONDS.toNanos(1) : TimeUnit.MINUTES.toNanos(1);
        return new Sampling.Allowance(count, period, count);
    }
}
