package dev.sallyport.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Time;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
    private final ReloadStatus reloads = new ReloadStatus(Time.SYSTEM);

    @Test
    void isNotReadyBeforeAConfigurationIsInForceAndAListenerOpen() {
        assertThat(new Readiness(false, List.of("127.0.0.1:8080"), reloads.state()).ready()).isFalse();
        reloads.applied("d1");
        assertThat(new Readiness(false, List.of(), reloads.state()).ready()).isFalse();
        assertThat(new Readiness(false, List.of("127.0.0.1:8080"), reloads.state()).ready()).isTrue();
    }

    @Test
    void isNotReadyWhileItDrains() {
        reloads.applied("d1");

        Readiness readiness = new Readiness(true, List.of("127.0.0.1:8080"), reloads.state());

        assertThat(readiness.ready()).isFalse();
        assertThat(json(readiness)).startsWith("{\"status\":\"draining\",");
    }

    @Test
    void aBadConfigurationShowsButTheOneBeforeItStaysInForce() {
        reloads.applied("d1");
        reloads.failed("sallyport.yaml:3:5: unknown key `modles`");

        Readiness readiness = new Readiness(false, List.of("127.0.0.1:8080"), reloads.state());

        assertThat(readiness.ready()).isTrue();
        assertThat(json(readiness))
                .isEqualTo("{\"status\":\"ready\",\"listeners\":[\"127.0.0.1:8080\"],\"snapshot\":\"d1\","
                        + "\"reloads\":{\"applied\":1,\"failed\":1,\"error\":\"sallyport.yaml:3:5: unknown key `modles`\"}}\n");
    }

    @Test
    void theNextGoodConfigurationClearsTheError() {
        reloads.failed("bad");
        reloads.applied("d2");

        assertThat(reloads.state().error()).isNull();
        assertThat(json(new Readiness(false, List.of("a:1"), reloads.state()))).contains("\"snapshot\":\"d2\"",
                "\"error\":null");
    }

    private static String json(Readiness readiness) {
        return new String(readiness.toJson(), UTF_8);
    }
}
