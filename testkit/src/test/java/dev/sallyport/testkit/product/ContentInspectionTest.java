package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.RawResponse;
import dev.sallyport.testkit.ReceivedRequest;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that are looked into, over real sockets: what is refused, the model never sees a byte of. */
final class ContentInspectionTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** One red pixel. */
    private static final byte[] PNG = Base64.getDecoder().decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC");

    private final TestKey key = TestKey.make();
    private FakeUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.echoes());
        gateway = TestGateway.start("""
                models:
                  m:
                    url: "%1$s"
                    accepts: [image/png, image/jpeg, application/json, multipart/form-data]
                    multipart: {parts: 2}
                    inflate: {ratio: 10, size: 1 MiB}
                  stripping: {url: "%1$s", accepts: [image/png], images: {metadata: strip}}
                  unread: {url: "%1$s", accepts: [image/png], images: off}
                callers:
                  app: {key: "%2$s", may: ["*"]}
                """.formatted(upstream.url(), key.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void aPictureReachesTheModelAsItWasSent() throws Exception {
        RawResponse response = post("/m/predict", "Content-Type: image/png\r\n", PNG);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(PNG);
        assertThat(upstream.awaitRequest().field("content-type")).isEqualTo("image/png");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "image/jpeg | PNG | 415 | media-type-mismatch | body |",
        "application/json | PNG | 415 | media-type-mismatch | body |",
        "image/gif | PNG | 415 | media-type-not-accepted | body |",
        "image/png | PNG+x | 400 | malformed-content | body |",
        "image/png | PNG-1 | 400 | malformed-content | body |",
        "image/png | PNG-40 | 400 | malformed-content | body |",
        "application/json | {\"a\":1,\"a\":2} | 400 | malformed-content | body |",
        "application/json | {\"instances\":[1],\"inputs\":[1]} | 400 | malformed-content | body |",
        "application/json; charset=utf-16 | {} | 415 | media-type-not-accepted | Content-Type |",
        "application/json | DEEP | 413 | content-too-large | body | 64",
        "application/json | MANY | 413 | too-many-instances | body | 1000",
        "multipart/form-data | x | 400 | malformed-content | Content-Type |",
        "multipart/form-data; boundary=b | x | 400 | malformed-content | body |",
        "multipart/form-data; boundary=b | FORM image/jpeg | 415 | media-type-mismatch | part 1 'file' |",
        "multipart/form-data; boundary=b | FORM image/gif | 415 | media-type-not-accepted | part 1 'file' |",
        "multipart/form-data; boundary=b | FORMS | 413 | content-too-large | body | 2",
        "multipart/mixed; boundary=b | x | 415 | media-type-not-accepted | body |",
    })
    void whatIsRefusedTheModelNeverSees(String type, String body, int status, String code, String part,
            @Nullable String limit)
            throws Exception {
        RawResponse response = post("/m/predict", "Content-Type: " + type + "\r\n", body(body));

        JsonNode problem = JSON.readTree(response.text());
        assertThat(response.status()).as(response.text()).isEqualTo(status);
        assertThat(problem.get("code").stringValue()).isEqualTo(code);
        assertThat(problem.get("part").stringValue()).isEqualTo(part);
        if (limit != null) {
            assertThat(problem.get("limit").longValue()).isEqualTo(Long.parseLong(limit));
        }
        assertThat(upstream.requests()).isEmpty();
        JsonNode line = gateway.awaitLine(String.valueOf(response.field("sallyport-call")));
        assertThat(line.get("outcome").stringValue()).isEqualTo("client");
    }

    private static byte[] body(String name) {
        return switch (name) {
            case "PNG" -> PNG;
            case "PNG+x" -> Arrays.copyOf(PNG, PNG.length + 1);
            case "PNG-1" -> Arrays.copyOf(PNG, PNG.length - 1);
            case "PNG-40" -> Arrays.copyOf(PNG, PNG.length - 40);
            case "DEEP" -> "[".repeat(65).getBytes(UTF_8);
            case "MANY" -> ("{\"instances\":[" + "1,".repeat(1_000) + "1]}").getBytes(UTF_8);
            case "FORM image/jpeg" -> (part("image/jpeg") + "--b--").getBytes(ISO_8859_1);
            case "FORM image/gif" -> (part("image/gif") + "--b--").getBytes(ISO_8859_1);
            case "FORMS" -> (part("image/png").repeat(3) + "--b--").getBytes(ISO_8859_1);
            default -> name.getBytes(UTF_8);
        };
    }

    private static String part(String type) {
        return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: " + type
                + "\r\n\r\n"
                + new String(PNG, ISO_8859_1) + "\r\n";
    }

    @Test
    void anEncodedBodyIsLookedThroughAndForwardedAsItCame() throws Exception {
        byte[] encoded = gzip("{\"prompt\":\"hello\"}".getBytes(UTF_8));

        RawResponse response =
                post("/m/predict", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", encoded);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(encoded);
        assertThat(upstream.awaitRequest().field("content-encoding")).isEqualTo("gzip");
    }

    @Test
    void aBombAndAnUnknownCodingAreRefused() throws Exception {
        RawResponse bomb = post("/m/predict", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
                gzip(new byte[10 << 20]));
        assertThat(bomb.status()).isEqualTo(413);
        assertThat(JSON.readTree(bomb.text()).get("code").stringValue()).isEqualTo("content-too-large");
        assertThat(JSON.readTree(bomb.text()).get("limit").longValue()).isBetween(65_536L, 1L << 20);

        RawResponse unknown =
                post("/m/predict", "Content-Type: application/json\r\nContent-Encoding: compress\r\n", PNG);
        assertThat(unknown.status()).isEqualTo(415);
        assertThat(JSON.readTree(unknown.text()).get("code").stringValue()).isEqualTo("content-coding-not-accepted");
        assertThat(unknown.field("accept-encoding")).isEqualTo("zstd, br, gzip, deflate");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void metadataIsTakenOutOfWhatTheModelGets() throws Exception {
        byte[] commented = withComment(PNG);

        RawResponse response =
                post("/stripping/predict", "Content-Type: image/png\r\nContent-Encoding: gzip\r\n", gzip(commented));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(PNG);
        ReceivedRequest received = upstream.awaitRequest();
        assertThat(received.field("content-length")).isEqualTo(String.valueOf(PNG.length));
        assertThat(received.field("content-encoding")).isNull();
    }

    /** With a text chunk in front of the last. */
    private static byte[] withComment(byte[] png) {
        byte[] text = "tEXtComment\0where I live".getBytes(ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(png, 0, png.length - 12);
        out.writeBytes(ByteBuffer.allocate(4).putInt(text.length - 4).array());
        out.writeBytes(text);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        out.write(png, png.length - 12, 12);
        return out.toByteArray();
    }

    @Test
    void aReaderThatIsSwitchedOffLetsAnythingOfTheTypePassThatItsFirstBytesAllow() throws Exception {
        assertThat(post("/unread/predict", "Content-Type: image/png\r\n", Arrays.copyOf(PNG, PNG.length + 9)).status())
                .isEqualTo(200);
        assertThat(post("/unread/predict", "Content-Type: image/png\r\n", "%PDF-".getBytes(UTF_8)).status())
                .isEqualTo(415);
    }

    @Test
    void aPromptOfAMegabyteInManyChunksPasses() throws Exception {
        StringBuilder chunks = new StringBuilder();
        String word = "word ".repeat(2_000);
        chunks.append("b\r\n{\"prompt\":\"\r\n");
        for (int i = 0; i < 105; i++) {
            chunks.append(Integer.toHexString(word.length())).append("\r\n").append(word).append("\r\n");
        }
        chunks.append("2\r\n\"}\r\n0\r\n\r\n");
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("/m/predict") + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunks);
            RawResponse response = client.response();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).hasSize(11 + 105 * 10_000 + 2);
        }
        assertThat(upstream.awaitRequest().field("content-length")).isEqualTo(String.valueOf(11 + 105 * 10_000 + 2));
    }

    @Test
    void clientsThatLeaveWhileTheirBodiesAreLookedAtHarmNobody() throws Exception {
        byte[] large = ("{\"prompt\":\"" + "word ".repeat(600_000) + "\"}").getBytes(UTF_8);
        for (int i = 0; i < 10; i++) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(head("/m/predict") + "Content-Type: application/json\r\nContent-Length: " + large.length
                        + "\r\n\r\n");
                client.output().write(large);
            }
        }
        assertThat(post("/m/predict", "Content-Type: application/json\r\n", large).status()).isEqualTo(200);
        gateway.awaitLines(11);
    }

    private RawResponse post(String path, String fields, byte[] body) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(path) + fields + "Content-Length: " + body.length + "\r\n\r\n");
            client.output().write(body);
            return client.response();
        }
    }

    private String head(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: " + key.bearer() + "\r\n";
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream encoding = new GZIPOutputStream(out)) {
            encoding.write(plain);
        }
        return out.toByteArray();
    }
}
