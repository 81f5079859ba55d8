package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LingeringUpstreamsTest {
    private final LingeringUpstreams lingering = new LingeringUpstreams();

    @Test
    void whatIsRemovedStaysForTenSecondsAndNoLonger() {
        lingering.change(specs("a", "b"), 0);
        lingering.change(specs("b"), 5);
        assertThat(ids(lingering.remaining(5))).containsExactlyInAnyOrder("a", "b");
        assertThat(ids(lingering.remaining(5 + LingeringUpstreams.LINGER_NANOS - 1))).containsExactlyInAnyOrder("a",
                "b");
        assertThat(lingering.any()).isTrue();
        assertThat(ids(lingering.remaining(5 + LingeringUpstreams.LINGER_NANOS))).containsExactly("b");
        assertThat(lingering.any()).isFalse();
    }

    @Test
    void severalChangesInThatTimeLoseNothing() {
        lingering.change(specs("a"), 0);
        lingering.change(specs("b"), 1);
        lingering.change(specs("c"), 2);
        assertThat(ids(lingering.with(specs("d"), 3))).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void whatComesBackIsNotRemovedLater() {
        lingering.change(specs("a"), 0);
        lingering.change(specs("b"), 1);
        lingering.change(specs("a"), 2);
        assertThat(ids(lingering.remaining(2 + LingeringUpstreams.LINGER_NANOS))).containsExactly("a");
    }

    @Test
    void askingAloneChangesNothing() {
        lingering.change(specs("a"), 0);
        lingering.with(specs("b"), 1);
        assertThat(ids(lingering.remaining(2))).containsExactly("a");
        assertThat(lingering.any()).isFalse();
    }

    private static List<UpstreamSpec> specs(String... ids) {
        return Stream.of(ids).map(id -> new UpstreamSpec(
                id, List.of(new EndpointSpec(false, "h", 80, "")), UpstreamSpec.ClientProtocol.AUTOMATIC,
                Timeouts.DEFAULTS, TlsSpec.DEFAULTS, 1, 0, 0,
                null, false, null)).toList();
    }

    private static List<String> ids(List<UpstreamSpec> specs) {
        return specs.stream().map(UpstreamSpec::id).toList();
    }
}
