package dev.sallyport.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricsFormatTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "application/openmetrics-text",
        "application/openmetrics-text; version=1.0.0",
        "Application/OpenMetrics-Text;Version=\"1.0.0\"; charset=utf-8",
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
        "text/html, application/openmetrics-text;q=0.001, */*"})
    void speaksOpenMetricsToThoseThatNameIt(String accept) {
        assertThat(MetricsFormat.accepted(List.of(accept))).isEqualTo(MetricsFormat.OPEN_METRICS);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "*/*", "text/*", "text/plain", "text/html",
        "application/openmetrics-text;q=0", "application/openmetrics-text;q=0.000",
        "application/openmetrics-text;q=2", "application/openmetrics-text;q=-1",
        "application/openmetrics-text;q=x", "application/openmetrics-text;version=2.0.0",
        "application/openmetrics-text;q=0.4,text/plain;q=0.5", "x/application/openmetrics-text"})
    void speaksTheOlderFormToAllOthers(String accept) {
        assertThat(MetricsFormat.accepted(List.of(accept))).isEqualTo(MetricsFormat.PROMETHEUS);
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(MetricsFormat.accepted(List.of())).isEqualTo(MetricsFormat.PROMETHEUS);
        assertThat(MetricsFormat.accepted(List.of("text/html", "application/openmetrics-text")))
                .isEqualTo(MetricsFormat.OPEN_METRICS);
        assertThat(MetricsFormat.accepted(List.of("x/y,".repeat(10_000) + "application/openmetrics-text")))
                .isEqualTo(MetricsFormat.PROMETHEUS);
    }
}
