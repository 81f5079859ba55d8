package dev.sallyport.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.telemetry.AccessLog;
import dev.sallyport.gateway.upstream.EndpointState;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GatewayCollectorTest {
    private final ReloadStatus reloads = new ReloadStatus(Time.SYSTEM);
    private final LimitState limits = new LimitState(Time.SYSTEM, 10);

    @Test
    void showsTheStateOfEveryPart() throws Exception {
        reloads.applied("sha256:1");
        reloads.failed("bad");
        try (AccessLog log = new AccessLog(OutputStream.nullOutputStream(), Time.SYSTEM)) {
            GatewayCollector collector = new GatewayCollector(
                    reloads, () -> List.of(new EndpointState("m@2", "127.0.0.1:8000", false, 3, 2, 1)), limits, () -> 7,
                    () -> 5, log);

            assertThat(page(collector))
                    .contains("sallyport_reloads_total{result=\"applied\"} 1.0",
                            "sallyport_reloads_total{result=\"failed\"} 1.0")
                    .contains("sallyport_reload_failing 1.0")
                    .contains("sallyport_snapshot_info{digest=\"sha256:1\"} 1")
                    .contains("sallyport_connections_open 7.0", "sallyport_connections_refused_total 5.0")
                    .contains("sallyport_endpoint_healthy{endpoint=\"127.0.0.1:8000\",resource=\"m@2\"} 0.0")
                    .contains("sallyport_endpoint_calls_in_flight{endpoint=\"127.0.0.1:8000\",resource=\"m@2\"} 3.0")
                    .contains("sallyport_endpoint_connections{endpoint=\"127.0.0.1:8000\",resource=\"m@2\"} 2.0")
                    .contains("sallyport_endpoint_waiting{endpoint=\"127.0.0.1:8000\",resource=\"m@2\"} 1.0")
                    .contains("sallyport_access_log_dropped_total 0.0", "sallyport_access_log_queued 0.0")
                    .contains("sallyport_limit_counters 0.0", "sallyport_limit_counters_evicted_total 0.0");
        }
    }

    @Test
    void aGatewayWithoutAccessLogOrEndpointsHasAPageToo() throws Exception {
        assertThat(page(new GatewayCollector(reloads, List::of, limits, () -> 0, () -> 0, null)))
                .contains("sallyport_connections_open 0.0")
                .doesNotContain("access_log");
    }

    private static String page(GatewayCollector collector) throws Exception {
        return new String(new MetricsPage(List.of(collector)).render(MetricsFormat.PROMETHEUS), UTF_8);
    }
}
