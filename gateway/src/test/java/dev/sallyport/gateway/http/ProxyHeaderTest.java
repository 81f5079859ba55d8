package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.testing.conformance.Vectors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ProxyHeaderTest {
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @TestFactory
    Stream<DynamicTest> passesThePublicCases() {
        return Vectors.load("proxy-protocol.jsonl").stream()
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").asString(), () -> run(vector)));
    }

    private static void run(JsonNode vector) throws ProtocolViolation {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(vector.get("hex").asString()));
        if (vector.path("incomplete").asBoolean(false)) {
            assertThat(ProxyHeader.read(in)).isNull();
        } else if (!vector.get("valid").asBoolean()) {
            assertThatThrownBy(() -> ProxyHeader.read(in)).isInstanceOf(ProtocolViolation.class);
        } else {
            ProxyHeader header = requireNonNull(ProxyHeader.read(in));
            assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo(vector.path("rest").asString(""));
            assertEndpoint(header.source(), vector, "source");
            assertEndpoint(header.destination(), vector, "destination");
            assertThat(header.authority()).isEqualTo(vector.path("authority").asString(null));
        }
    }

    private static void assertEndpoint(@Nullable InetSocketAddress found, JsonNode vector, String name) {
        if (!vector.has(name)) {
            assertThat(found).isNull();
            return;
        }
        assertThat(NetUtil.toAddressString(requireNonNull(found).getAddress())).isEqualTo(vector.get(name).asString());
        assertThat(found.getPort()).isEqualTo(vector.get(name + "_port").asInt());
    }

    @Test
    void readsAHeaderOfVersion1ThatComesByteByByte() throws ProtocolViolation {
        ByteBuf in = Unpooled.buffer();
        byte[] header = "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < header.length - 1; i++) {
            in.writeByte(header[i]);
            assertThat(ProxyHeader.read(in)).isNull();
        }
        in.writeByte('\n');

        assertThat(requireNonNull(ProxyHeader.read(in)).source()).isEqualTo(new InetSocketAddress("2001:db8::1", 1));
        assertThat(in.isReadable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n"})
    void takesTheSocketsAddressesWhenTheProxyDoesNotKnow(String header) throws ProtocolViolation {
        assertThat(ProxyHeader.read(text(header))).isEqualTo(ProxyHeader.LOCAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\n", "PROXY\r\n", "proxy TCP4 1.1.1.1 1.1.1.1 1 1\r\n", "PROXY TCP4 ::1 ::1 1 1\r\n",
        "PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 65536\r\n",
        "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n", "PROXY  TCP4 1.1.1.1 1.1.1.1 1 1\r\n", "PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n",
        "PROXY TCP4 1.1.1.256 1.1.1.1 1 1\r\n"})
    void refusesWhatIsNoHeaderOfVersion1(String header) {
        assertThatThrownBy(() -> ProxyHeader.read(text(header))).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2100000501020304ff", "21000000", "2000000401020304", "213100d8"})
    void takesTheSocketsAddressesWhenVersion2NamesNone(String behindSignature) throws ProtocolViolation {
        String hex = V2 + behindSignature + (behindSignature.startsWith("2131") ? "00".repeat(216) : "");
        ProxyHeader header = ProxyHeader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));

        assertThat(requireNonNull(header).source()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111000c", "2101000c", "2113000c", "2141000c", "23110000", "2121000c"})
    void refusesWhatVersion2DoesNotDefine(String behindSignature) {
        String hex = V2 + behindSignature + "00".repeat(12);
        assertThatThrownBy(() -> ProxyHeader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex))))
                .isInstanceOf(ProtocolViolation.class);
    }

    private static ByteBuf text(String header) {
        return Unpooled.wrappedBuffer(header.getBytes(StandardCharsets.ISO_8859_1));
    }
}
