package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.http.RawHttp2Client.Frame;
import dev.sallyport.gateway.http.RawHttp2Client.Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the header sections of requests. */
final class Http2RequestTest {
    private final TestingHandler handler = TestingHandler.echo();
    private TestingGateway gateway;
    private RawHttp2Client client;

    @BeforeEach
    void start() throws IOException {
        gateway = TestingGateway.plain(handler);
        client = gateway.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
    }

    @Test
    void makesARequestHeadOfPseudoFieldsAndFields() throws Exception {
        client.frame(RawHttp2Client.HEADERS, 5, 1, RawHttp2Client.block(
                ":method", "GET", ":scheme", "https", ":authority", "A.Example:80", ":path", "/a/%7eb/../c?q=%7e&r",
                "te", "trailers", "accept", "x", "cookie", "a=1", "x-own", "y", "cookie", "b=2", "host", "a.example",
                "trailer", "x", "accept", "z"));

        assertThat(client.response(1).status()).isEqualTo(200);
        RequestHead head = handler.exchanges.take().exchange.request();
        assertThat(head.protocol()).isEqualTo(Protocol.HTTP_2);
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.scheme()).as("the connection's").isEqualTo("http");
        assertThat(head.authority()).isEqualTo("a.example");
        assertThat(head.path()).isEqualTo("/a/c");
        assertThat(head.query()).isEqualTo("q=%7e&r");
        assertThat(head.contentLength()).isZero();
        assertThat(head.upgrade()).isNull();
        assertThat(fields(head.headers())).containsExactlyInAnyOrder("te: trailers", "accept: x", "accept: z",
                "x-own: y", "cookie: a=1; b=2");
    }

    @Test
    void takesTheHostFieldWhereThereIsNoAuthority() throws Exception {
        client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "b.example:8080");

        assertThat(client.response(1).status()).isEqualTo(200);
        assertThat(handler.exchanges.take().exchange.request().authority()).isEqualTo("b.example:8080");
    }

    @Test
    void knowsHowLongTheBodyIs() throws Exception {
        client.request(1, "POST", "/", false, "content-length", "3");
        client.data(1, true, "abc");
        client.request(3, "POST", "/", false);
        client.data(3, true, "abcd");
        client.request(5, "POST", "/", true, "content-length", "0");

        assertThat(client.response(5).body()).isEqualTo("POST /\n");
        assertThat(handler.exchanges.take().exchange.request().contentLength()).isEqualTo(3);
        assertThat(handler.exchanges.take().exchange.request().contentLength()).isEqualTo(RequestHead.UNKNOWN_LENGTH);
        assertThat(handler.exchanges.take().exchange.request().contentLength()).isZero();
    }

    @Test
    void tellsWhenConnectionAndRequestBegan() throws Exception {
        client.get(1, "/");
        client.response(1);
        client.get(3, "/");
        client.response(3);

        Exchange first = handler.exchanges.take().exchange;
        Exchange second = handler.exchanges.take().exchange;
        assertThat(first.acceptedNanos()).isLessThanOrEqualTo(first.beganNanos()).isEqualTo(first.securedNanos());
        assertThat(second.beganNanos()).isGreaterThan(first.beganNanos());
        assertThat(second.acceptedNanos()).isEqualTo(second.beganNanos());
        assertThat(first.peer().local().getPort()).isEqualTo(gateway.address().getPort());
        assertThat(first.peer().connected().getPort()).isEqualTo(client.socket().getLocalPort());
        assertThat(first.peer().secure()).isFalse();
    }

    @Test
    void readsHeaderBlocksThatComeInPieces() throws Exception {
        byte[] block = RawHttp2Client.requestBlock("GET", "/pieces", "x-own", "y");
        client.frame(RawHttp2Client.HEADERS, 1, 1, Arrays.copyOf(block, 10));
        client.frame(RawHttp2Client.CONTINUATION, 0, 1, Arrays.copyOfRange(block, 10, 20));
        client.frame(RawHttp2Client.CONTINUATION, 4, 1, Arrays.copyOfRange(block, 20, block.length));

        assertThat(client.response(1).body()).isEqualTo("GET /pieces\n");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("upper case in a name", new String[]{"X-Own", "y"}),
                Arguments.of("an empty name", new String[]{"", "y"}),
                Arguments.of("a space in a name", new String[]{"x own", "y"}),
                Arguments.of("a line feed in a value", new String[]{"x-own", "y\nz: w"}),
                Arguments.of("a carriage return in a value", new String[]{"x-own", "y\r"}),
                Arguments.of("a NUL in a value", new String[]{"x-own", "y\0"}),
                Arguments.of("a space before a value", new String[]{"x-own", " y"}),
                Arguments.of("a tab behind a value", new String[]{"x-own", "y\t"}),
                Arguments.of("connection", new String[]{"connection", "x-own"}),
                Arguments.of("proxy-connection", new String[]{"proxy-connection", "close"}),
                Arguments.of("keep-alive", new String[]{"keep-alive", "timeout=1"}),
                Arguments.of("transfer-encoding", new String[]{"transfer-encoding", "chunked"}),
                Arguments.of("upgrade", new String[]{"upgrade", "h2c"}),
                Arguments.of("te for more than trailers", new String[]{"te", "trailers, deflate"}),
                Arguments.of("a pseudo-field behind a field", new String[]{"x-own", "y", ":authority", "b.example"}),
                Arguments.of("a pseudo-field twice", new String[]{":path", "/other"}),
                Arguments.of("an unknown pseudo-field", new String[]{":own", "y"}),
                Arguments.of("a response's pseudo-field", new String[]{":status", "200"}),
                Arguments.of("a content length without content", new String[]{"content-length", "1"}),
                Arguments.of("a protocol without CONNECT", new String[]{":protocol", "websocket"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String what, String[] fields) throws Exception {
        client.get(1, "/", fields);

        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.PROTOCOL_ERROR);
        assertThat(handler.refusals.take().reason().code()).isEqualTo(RefusalCode.MALFORMED_REQUEST);
        client.get(3, "/");
        assertThat(client.response(3).status()).as("the connection goes on").isEqualTo(200);
        assertThat(handler.exchanges).hasSize(1);
    }

    @Test
    void aRequestWithoutMethodSchemeOrPathIsMalformed() throws Exception {
        client.headers(1, true, ":scheme", "http", ":path", "/", ":authority", "a.example");
        client.headers(3, true, ":method", "GET", ":path", "/", ":authority", "a.example");
        client.headers(5, true, ":method", "GET", ":scheme", "http", ":authority", "a.example");
        client.headers(7, true, ":method", "GET", ":scheme", "http", ":path", "", ":authority", "a.example");

        for (int stream = 1; stream <= 7; stream += 2) {
            assertThat(client.await(RawHttp2Client.RST_STREAM, stream).error())
                    .isEqualTo(RawHttp2Client.PROTOCOL_ERROR);
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("no host at all", 400, new String[]{":method", "GET", ":scheme", "http", ":path", "/"}),
                Arguments.of("two hosts", 400, request("host", "b.example")),
                Arguments.of("user information", 400,
                        new String[]{":method", "GET", ":scheme", "http", ":path", "/", ":authority", "u:p@a.example"}),
                Arguments.of("an unknown scheme", 400,
                        new String[]{":method", "GET", ":scheme", "ftp", ":path", "/", ":authority", "a.example"}),
                Arguments.of("a method in lower case", 400,
                        new String[]{":method", "get", ":scheme", "http", ":path", "/", ":authority", "a.example"}),
                Arguments.of("a path that climbs", 400,
                        new String[]{":method", "GET", ":scheme", "http", ":path", "/../x", ":authority", "a.example"}),
                Arguments.of("a URI as path", 400,
                        new String[]{":method", "GET", ":scheme", "http", ":path", "http://b.example/", ":authority",
                            "a.example"}),
                Arguments.of("an asterisk with GET", 400,
                        new String[]{":method", "GET", ":scheme", "http", ":path", "*", ":authority", "a.example"}),
                Arguments.of("a length that is no number", 400, request("content-length", "+1")),
                Arguments.of("two lengths", 400, request("content-length", "0", "content-length", "0")),
                Arguments.of("two credentials", 400, request("authorization", "Bearer a", "authorization", "Bearer b")),
                Arguments.of("an unknown expectation", 417, request("expect", "miracle")),
                Arguments.of("a tunnel to anywhere", 501,
                        new String[]{":method", "CONNECT", ":authority", "b.example:443"}),
                Arguments.of("a tunnel of an unknown protocol", 501,
                        new String[]{":method", "CONNECT", ":scheme", "http", ":path", "/", ":authority", "a.example",
                            ":protocol", "connect-udp"}),
                Arguments.of("TRACE", 501,
                        new String[]{":method", "TRACE", ":scheme", "http", ":path", "/", ":authority", "a.example"}),
                Arguments.of("a long target", 414,
                        new String[]{":method", "GET", ":scheme", "http", ":path", "/" + "x".repeat(8_192),
                            ":authority", "a.example"}),
                Arguments.of("a long name", 431, request("x".repeat(8_193), "")),
                Arguments.of("a long field", 431, request("x", "y".repeat(65_536))),
                Arguments.of("many fields", 431, Stream.generate(() -> "x").limit(2_002).toArray(String[]::new)));
    }

    private static String[] request(String... fields) {
        return Stream.concat(Stream.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a.example"),
                Stream.of(fields)).toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, int status, String[] fields) throws Exception {
        sendInPieces(1, fields[0].equals("x") ? request(fields) : fields);

        Response response = client.response(1);
        TestingHandler.Refused told = handler.refusals.take();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.fields()).containsEntry("content-type", "application/problem+json")
                .containsEntry("sallyport-call", told.callId());
        assertThat(response.body()).contains('"' + told.reason().code().text() + '"', told.callId());
        assertThat(Integer.parseInt(response.fields().get("content-length"))).isEqualTo(response.body().length());
        assertThat(told.reason().code().status()).isEqualTo(status);
        client.get(3, "/");
        assertThat(client.response(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void acceptsWhatIsJustWithinTheBounds() throws Exception {
        String path = "/" + "x".repeat(8_191);
        sendInPieces(1, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "a.example",
                "x".repeat(8_192), "", "y", "y".repeat(65_535));
        sendInPieces(3, request(Stream.generate(() -> "x").limit(2_000).toArray(String[]::new)));

        assertThat(client.response(1).body()).isEqualTo("GET " + path + '\n');
        assertThat(client.response(3).status()).isEqualTo(200);
    }

    @Test
    void countsTheHeaderSectionAsItsSettingSays() throws Exception {
        // RFC 9113 section 6.5.2: name, value and 32 bytes for each field. The four pseudo-fields take 174.
        int used = 4 * 32 + ":methodGET:schemehttp:path/:authoritya.example".length();
        int rest = Limits.DEFAULTS.headerBytes() - used;
        String[] fields =
                request("a", "x".repeat(60_000), "b", "y".repeat(60_000), "c", "z".repeat(rest - 2 * 60_033 - 33));
        sendInPieces(1, fields);
        assertThat(client.response(1).status()).isEqualTo(200);

        fields[fields.length - 1] += "z";
        sendInPieces(3, fields);
        assertThat(client.response(3).status()).isEqualTo(431);
    }

    @Test
    void answersARefusedHeadRequestWithoutBody() throws Exception {
        client.request(1, "HEAD", "/../x", true);

        Frame head = client.await(RawHttp2Client.HEADERS, 1);
        assertThat(head.endStream()).isTrue();
        assertThat(head.fields()).containsEntry(":status", "400").containsKey("content-length");
    }

    @Test
    void tellsTheClientToStopTheBodyOfARefusedRequest() throws Exception {
        client.request(1, "POST", "/../x", false);

        assertThat(client.response(1).status()).isEqualTo(400);
        assertThat(client.await(RawHttp2Client.RST_STREAM, 1).error()).isEqualTo(RawHttp2Client.NO_ERROR);
        client.data(1, true, "too late");
        client.get(3, "/");
        assertThat(client.response(3).status()).isEqualTo(200);
    }

    private void sendInPieces(int stream, String... fields) throws IOException {
        byte[] block = RawHttp2Client.block(fields);
        int at = Math.min(block.length, 16_384);
        client.frame(RawHttp2Client.HEADERS, at == block.length ? 5 : 1, stream, Arrays.copyOf(block, at));
        while (at < block.length) {
            int to = Math.min(block.length, at + 16_384);
            client.frame(RawHttp2Client.CONTINUATION, to == block.length ? 4 : 0, stream,
                    Arrays.copyOfRange(block, at, to));
            at = to;
        }
    }

    private static Stream<String> fields(Headers headers) {
        return Stream.iterate(0, i -> i < headers.size(), i -> i + 1)
                .map(i -> headers.name(i) + ": " + headers.value(i));
    }
}
