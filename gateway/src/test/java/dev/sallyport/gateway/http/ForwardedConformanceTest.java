package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.testing.conformance.Vectors;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every public case of whose word on the client's address is believed. */
final class ForwardedConformanceTest {
    @TestFactory
    Stream<DynamicTest> passes() {
        return Vectors.load("forwarded.jsonl").stream()
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").asString(), () -> run(vector)));
    }

    private static void run(JsonNode vector) throws ProtocolViolation {
        List<Network> trusted =
                vector.get("trusted_proxies").valueStream().map(network -> Network.parse(network.asString())).toList();
        Headers headers = new Headers();
        for (JsonNode field : vector.get("headers")) {
            headers.add(field.get(0).asString().toLowerCase(Locale.ROOT), field.get(1).asString());
        }
        InetAddress peer = NetUtil.createInetAddressFromIpAddressString(vector.get("peer").asString());
        if (vector.get("client").isNull()) {
            assertThatThrownBy(() -> ClientAddress.of(peer, headers, trusted)).isInstanceOf(ProtocolViolation.class);
        } else {
            assertThat(NetUtil.toAddressString(ClientAddress.of(peer, headers, trusted)))
                    .isEqualTo(vector.get("client").asString());
        }
    }
}
