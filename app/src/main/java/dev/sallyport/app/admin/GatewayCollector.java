package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.telemetry.AccessLog;
import dev.sallyport.gateway.upstream.EndpointState;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The state of the gateway's parts, looked up each time that it is asked: endpoints, connections, limits, reloads, access log. */
public final class GatewayCollector implements MultiCollector {
    /** Of each kind of metric about endpoints; a page must not grow without bound. */
    private static final int ENDPOINTS_MAX = 2_000;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final ReloadStatus reloads;
    private final Supplier<List<EndpointState>> endpoints;
    private final LimitState limits;
    private final IntSupplier openConnections;
    private final LongSupplier refusedConnections;
    private final @Nullable AccessLog accessLog;

    /** @param accessLog null when none is written */
    public GatewayCollector(ReloadStatus reloads, Supplier<List<EndpointState>> endpoints, LimitState limits,
            IntSupplier openConnections,
            LongSupplier refusedConnections, @Nullable AccessLog accessLog) {
        this.reloads = requireNonNull(reloads, "reloads is null");
        this.endpoints = requireNonNull(endpoints, "endpoints is null");
        this.limits = requireNonNull(limits, "limits is null");
        this.openConnections = requireNonNull(openConnections, "openConnections is null");
        this.refusedConnections = requireNonNull(refusedConnections, "refusedConnections is null");
        this.accessLog = accessLog;
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        configuration(snapshots);
        connections(snapshots);
        endpoints(snapshots);
        limits(snapshots);
        if (accessLog != null) {
            snapshots.metricSnapshot(counter("sallyport_access_log_dropped", "Lines of the access log that were lost.")
                    .dataPoint(count(Labels.EMPTY, accessLog.drops()))
                    .build());
            snapshots.metricSnapshot(
                    gauge("sallyport_access_log_queued", "Lines of the access log that wait to be written.")
                            .dataPoint(value(Labels.EMPTY, accessLog.queued()))
                            .build());
        }
        return snapshots.build();
    }

    private void configuration(MetricSnapshots.Builder snapshots) {
        ReloadStatus.State state = reloads.state();
        snapshots.metricSnapshot(counter("sallyport_reloads", "Configurations that were read, the first included.")
                .dataPoint(count(Labels.of("result", "applied"), state.applied()))
                .dataPoint(count(Labels.of("result", "failed"), state.failed()))
                .build());
        snapshots.metricSnapshot(
                gauge("sallyport_reload_failing", "1 when the configuration read last is not the one in force.")
                        .dataPoint(value(Labels.EMPTY, state.error() == null ? 0 : 1))
                        .build());
        snapshots.metricSnapshot(InfoSnapshot.builder()
                .name("sallyport_snapshot")
                .help("The configuration in force.")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(Labels.of("digest", state.digest()))
                        .build())
                .build());
        snapshots.metricSnapshot(gauge("sallyport_snapshot_applied_timestamp_seconds",
                "When the configuration in force came into force.")
                .unit(Unit.SECONDS)
                .dataPoint(value(Labels.EMPTY, state.appliedEpochMillis() / MILLIS_PER_SECOND))
                .build());
    }

    private void limits(MetricSnapshots.Builder snapshots) {
        snapshots.metricSnapshot(
                gauge("sallyport_limit_counters", "Counters of limits that are kept, one per caller, model or address.")
                        .dataPoint(value(Labels.EMPTY, limits.counters()))
                        .build());
        snapshots.metricSnapshot(
                counter("sallyport_limit_counters_evicted", "Counters of limits that were given up to make room.")
                        .dataPoint(count(Labels.EMPTY, limits.evicted()))
                        .build());
    }

    private void connections(MetricSnapshots.Builder snapshots) {
        snapshots.metricSnapshot(gauge("sallyport_connections_open", "Connections of clients that are open.")
                .dataPoint(value(Labels.EMPTY, openConnections.getAsInt()))
                .build());
        snapshots.metricSnapshot(
                counter("sallyport_connections_refused", "Connections closed at once because there were too many.")
                        .dataPoint(count(Labels.EMPTY, refusedConnections.getAsLong()))
                        .build());
    }

    private void endpoints(MetricSnapshots.Builder snapshots) {
        List<EndpointState> states = endpoints.get().stream().limit(ENDPOINTS_MAX).toList();
        snapshots.metricSnapshot(gauge("sallyport_endpoint_healthy", "1 when the endpoint gets calls as usual.", states,
                state -> state.healthy() ? 1 : 0));
        snapshots.metricSnapshot(
                gauge("sallyport_endpoint_calls_in_flight", "Attempts under way, waiting ones included.", states,
                        EndpointState::callsInFlight));
        snapshots.metricSnapshot(
                gauge("sallyport_endpoint_connections", "Connections that are open or being opened.", states,
                        EndpointState::connections));
        snapshots.metricSnapshot(gauge("sallyport_endpoint_waiting", "Calls that wait for a connection.", states,
                EndpointState::waiting));
    }

    private static GaugeSnapshot gauge(String name, String help, List<EndpointState> states,
            ToDoubleFunction<EndpointState> figure) {
        GaugeSnapshot.Builder gauge = gauge(name, help);
        for (EndpointState state : states) {
            gauge.dataPoint(value(Labels.of("resource", state.resource(), "endpoint", state.endpoint()),
                    figure.applyAsDouble(state)));
        }
        return gauge.build();
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
        return GaugeSnapshot.builder().name(name).help(help);
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    private static GaugeDataPointSnapshot value(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static CounterDataPointSnapshot count(Labels labels, long count) {
        return CounterDataPointSnapshot.builder().labels(labels).value(count).build();
    }
}
