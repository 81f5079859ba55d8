package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.AccessLogTarget;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.TraceConfiguration;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.telemetry.AccessLog;
import dev.sallyport.gateway.telemetry.CallSink;
import dev.sallyport.gateway.telemetry.CallSinks;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Tracing;
import dev.sallyport.gateway.telemetry.otlp.Collector;
import dev.sallyport.gateway.telemetry.otlp.CollectorTrust;
import dev.sallyport.gateway.telemetry.otlp.TraceExport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Everything that is told of calls, and where it is told: access log, metrics, traces. */
final class Telemetry implements AutoCloseable {
    private final Metrics metrics;
    private final Tracing tracing;
    private final @Nullable AccessLog accessLog;
    private final @Nullable TraceExport traces;

    private Telemetry(Metrics metrics, Tracing tracing, @Nullable AccessLog accessLog, @Nullable TraceExport traces) {
        this.metrics = metrics;
        this.tracing = tracing;
        this.accessLog = accessLog;
        this.traces = traces;
    }

    /**
     * Opens what the configuration asks for.
     *
     * @param loops          how many event loops count
     * @param standardOutput where the access log goes that is configured to go there
     * @throws IllegalArgumentException when the collector's authorities cannot be read
     * @throws IOException              when the access log cannot be opened
     */
    static Telemetry open(Configuration configuration, int loops, OutputStream standardOutput, Time time,
            SplittableRandom seeds) throws IOException {
        TraceConfiguration wanted = configuration.traces();
        Tracing tracing = Tracing.off();
        TraceExport traces = null;
        if (wanted != null) {
            tracing = Tracing.on(wanted.sampling(), believedBy(configuration.proxies()), time.nanos());
            traces = new TraceExport(new Collector(wanted.collector(), trust(wanted.trust())), tracing,
                    self(seeds.split()), time, seeds.split());
        }
        try {
            AccessLog accessLog = switch (configuration.accessLog()) {
                case AccessLogTarget.None _ -> null;
                case AccessLogTarget.StandardOutput _ -> new AccessLog(standardOutput, time);
                case AccessLogTarget.File(Path file) -> new AccessLog(file, time);
            };
            return new Telemetry(new Metrics(loops), tracing, accessLog, traces);
        } catch (IOException | RuntimeException failure) {
            if (traces != null) {
                traces.close();
            }
            throw failure;
        }
    }

    private static Predicate<InetAddress> believedBy(List<Network> proxies) {
        return address -> Network.anyContains(proxies, address);
    }

    private static @Nullable SSLSocketFactory trust(@Nullable Path authorities) {
        try {
            return authorities == null ? null : CollectorTrust.of(authorities);
        } catch (IOException unusable) {
            throw new IllegalArgumentException("telemetry.otlp.trust: " + unusable.getMessage(), unusable);
        }
    }

    /** What traces say of this gateway (OpenTelemetry semantic conventions for resources). */
    private static Map<String, String> self(SplittableRandom random) {
        Map<String, String> self = new LinkedHashMap<>();
        self.put("service.name", "sallyport");
        String version = Telemetry.class.getPackage().getImplementationVersion();
        if (version != null) {
            self.put("service.version", version);
        }
        self.put("service.instance.id", new UUID(random.nextLong(), random.nextLong()).toString());
        return self;
    }

    Metrics metrics() {
        return metrics;
    }

    Tracing tracing() {
        return tracing;
    }

    /** Null when none is written. */
    @Nullable
    AccessLog accessLog() {
        return accessLog;
    }

    /** Null when nothing is traced. */
    @Nullable
    TraceExport traces() {
        return traces;
    }

    CallSink sink() {
        CallSink sink = metrics;
        if (traces != null) {
            sink = new CallSinks(traces, sink);
        }
        return accessLog == null ? sink : new CallSinks(requireNonNull(accessLog), sink);
    }

    @Override
    public void close() {
        if (accessLog != null) {
            accessLog.close();
        }
        if (traces != null) {
            traces.close();
        }
    }
}
