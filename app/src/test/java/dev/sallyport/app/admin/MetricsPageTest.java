package dev.sallyport.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.telemetry.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricsPageTest {
    @Test
    void showsTheGatewaysMetricsBesideThoseOfThePlatform() throws Exception {
        Metrics metrics = new Metrics(1);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        metrics.refused(
                new Peer(address, address.getAddress(), address, false, null), "ID",
                Refusal.of(RefusalCode.MALFORMED_REQUEST, "Bad."));
        MetricsPage page = new MetricsPage(List.of(metrics.collector()));

        assertThat(text(page, MetricsFormat.PROMETHEUS))
                .contains("sallyport_requests_refused_total{code=\"malformed-request\"} 1.0")
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads ", "jvm_buffer_memory_used_bytes{")
                .doesNotContain("# EOF");
        assertThat(text(page, MetricsFormat.OPEN_METRICS)).contains("sallyport_requests_refused_total{")
                .endsWith("# EOF\n");
    }

    private static String text(MetricsPage page, MetricsFormat format) throws Exception {
        return new String(page.render(format), UTF_8);
    }
}
