package dev.sallyport.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientDeadlineTest {
    private static final long LONGEST = TimeUnit.HOURS.toNanos(24);

    @ParameterizedTest
    @CsvSource({"1H,3600000000000", "2M,120000000000", "3S,3000000000", "4m,4000000", "5u,5000", "6n,6",
        "99999999H,86400000000000"})
    void readsEveryUnitOfGrpc(String text, long nanos) {
        assertThat(ClientDeadline.of(Headers.of("grpc-timeout", text), 0, LONGEST).atNanos()).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "5", "-5S", "+5S", "5 S", "5s", "999999999S", "5SS", "1.5S", "٥S"})
    void ignoresWhatIsNoTimeoutOfGrpc(String text) {
        assertThat(ClientDeadline.of(Headers.of("grpc-timeout", text), 0, LONGEST).atNanos()).isEqualTo(LONGEST);
    }

    @Test
    void theNearerOfTwoWins() {
        Headers headers = Headers.of("grpc-timeout", "5S", "sallyport-timeout-ms", "250");

        assertThat(ClientDeadline.of(headers, 100, LONGEST).atNanos()).isEqualTo(250_000_100L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1e3", "0x10", "1000000000000000000"})
    void ignoresWhatIsNoNumberOfMilliseconds(String text) {
        assertThat(ClientDeadline.of(Headers.of("sallyport-timeout-ms", text), 0, LONGEST).atNanos())
                .isEqualTo(LONGEST);
    }
}
