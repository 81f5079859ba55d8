package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientAddressTest {
    private static final List<Network> TRUSTED = List.of(Network.parse("10.0.0.0/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "for=203.0.113.9, for=10.0.0.2 | 203.0.113.9", "for=\"[2001:db8::1]:443\" | 2001:db8::1",
        "for=\"203.0.113.9:80\" | 203.0.113.9", "for=unknown | 10.0.0.1",
        "for=203.0.113.9, for=unknown | 10.0.0.1", "for=_hidden, for=10.0.0.2 | 10.0.0.2",
        "for=203.0.113.9;for=203.0.113.8 | 10.0.0.1", "for=\"203.0.113.9 | 10.0.0.1",
        "for=2001:db8::1 | 10.0.0.1", "proto=http | 10.0.0.1", ", for=203.0.113.9 , | 203.0.113.9",
        "for=203.0.113.9 ; proto=https | 203.0.113.9", "for = 203.0.113.9 | 10.0.0.1",
        "for=10.0.0.3, for=10.0.0.2 | 10.0.0.3", "for=127.0.0.1, for=203.0.113.9, for=10.0.0.2 | 203.0.113.9"})
    void readsForwarded(String value, String client) throws ProtocolViolation {
        assertThat(client(Headers.of("forwarded", value))).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "203.0.113.9:1234 | 203.0.113.9", "203.0.113.09 | 10.0.0.1", "203.0.113 | 10.0.0.1", "203.0.113.9.1 | 10.0.0.1",
        "256.0.0.1 | 10.0.0.1", "fe80::1%eth0 | 10.0.0.1",
        "2001:db8::1 | 2001:db8::1", "[2001:db8::1 | 10.0.0.1", "[203.0.113.9] | 10.0.0.1",
        "203.0.113.9:99999 | 10.0.0.1", "unknown | 10.0.0.1", "10.0.0.7 | 10.0.0.7"})
    void readsXForwardedFor(String value, String client) throws ProtocolViolation {
        assertThat(client(Headers.of("x-forwarded-for", value))).isEqualTo(client);
    }

    @Test
    void joinsTheLinesOfAField() throws ProtocolViolation {
        assertThat(client(Headers.of("x-forwarded-for", "203.0.113.9", "x-forwarded-for", "10.0.0.2")))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void refusesFieldsThatContradictEachOther() throws ProtocolViolation {
        assertThat(client(Headers.of("x-forwarded-for", "203.0.113.9", "forwarded", "for=203.0.113.9")))
                .isEqualTo("203.0.113.9");
        assertThatThrownBy(() -> client(Headers.of("x-forwarded-for", "203.0.113.9", "forwarded", "for=203.0.113.8")))
                .isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33})
    void boundsTheHops(int hops) throws ProtocolViolation {
        Headers headers = Headers.of("x-forwarded-for", "10.0.0.2,".repeat(hops));
        if (hops == 32) {
            assertThat(client(headers)).isEqualTo("10.0.0.2");
        } else {
            assertThatThrownBy(() -> client(headers)).isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void takesAwayWhatAPeerSaysThatIsNotTrusted() throws ProtocolViolation {
        Headers headers = Headers.of("x-forwarded-for", "127.0.0.1", "a", "b", "forwarded", "for=127.0.0.1",
                "x-forwarded-proto", "https", "x-forwarded-for", "::1");

        InetAddress peer = NetUtil.createInetAddressFromIpAddressString("203.0.113.9");
        assertThat(ClientAddress.of(peer, headers, TRUSTED)).isEqualTo(peer);
        assertThat(headers).hasToString("Headers[a]");
    }

    @Test
    void tellsTheUpstreamOnlyWhatIsBelieved() {
        Headers incoming = Headers.of("x-forwarded-for", "1.1.1.1, 203.0.113.9", "x-real-ip", "1.1.1.1",
                "x-forwarded-proto", "https", "x-forwarded-port", "1", "forwarded", "for=x", "a", "b");
        RequestHead request =
                new RequestHead(Protocol.HTTP_1_1, "GET", "http", "a.example:8080", "/", null, incoming, 0, null);
        Headers outgoing = incoming.copy();

        ForwardedFields.apply(outgoing, peer("203.0.113.9"), request);

        assertThat(outgoing).hasToString("Headers[a, x-forwarded-for, x-forwarded-proto, x-forwarded-host, forwarded]");
        assertThat(outgoing.first("x-forwarded-for")).isEqualTo("203.0.113.9");
        assertThat(outgoing.first("x-forwarded-proto")).isEqualTo("https");
        assertThat(outgoing.first("forwarded")).isEqualTo("for=203.0.113.9;host=\"a.example:8080\";proto=https");
    }

    @Test
    void quotesAnAddressOfIpv6() {
        Headers outgoing = new Headers();
        ForwardedFields.apply(outgoing, peer("2001:db8::1"),
                new RequestHead(Protocol.HTTP_1_1, "GET", "http", "a", "/", null, new Headers(), 0, null));

        assertThat(outgoing.first("forwarded")).isEqualTo("for=\"[2001:db8::1]\";host=\"a\";proto=http");
        assertThat(outgoing.first("x-forwarded-for")).isEqualTo("2001:db8::1");
    }

    private static Peer peer(String client) {
        InetSocketAddress connected = new InetSocketAddress("10.0.0.1", 1234);
        return new Peer(connected, NetUtil.createInetAddressFromIpAddressString(client), connected, false, null);
    }

    private static String client(Headers headers) throws ProtocolViolation {
        return NetUtil.toAddressString(
                ClientAddress.of(NetUtil.createInetAddressFromIpAddressString("10.0.0.1"), headers, TRUSTED));
    }
}
