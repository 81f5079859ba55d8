package dev.sallyport.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.admin.MetricsPage.Format;
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

        assertThat(text(page, Format.PROMETHEUS))
                .contains("sallyport_requests_refused_total{code=\"malformed-request\"} 1.0")
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads ", "jvm_buffer_memory_used_bytes{")
                .doesNotContain("# EOF");
        assertThat(text(page, Format.OPEN_METRICS)).contains("sallyport_requests_refused_total{").endsWith("# EOF\n");
    }

    @Test
    void speaksOpenMetricsOnlyToThoseThatAskForIt() {
        assertThat(Format.accepted(List.of())).isEqualTo(Format.PROMETHEUS);
        assertThat(Format.accepted(List.of("text/plain"))).isEqualTo(Format.PROMETHEUS);
        assertThat(Format
                .accepted(List.of("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3")))
                .isEqualTo(Format.OPEN_METRICS);
    }

    private static String text(MetricsPage page, Format format) throws Exception {
        return new String(page.render(format), UTF_8);
    }
}
