package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.app.Gateway;
import dev.sallyport.app.ReloadOutcome;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.LoadResult;
import dev.sallyport.gateway.call.Time;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole product in this process, on free ports of loopback, from the text of a configuration.
 *
 * <p>The text says what its test is about: {@code models}, {@code callers} and the like. Listeners, the admin listener
 * and the access log are added; the latter can be read by the test.
 */
public final class TestGateway implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PLAIN = """
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            loops: 2
            """;
    private static final String SECURE = """
            listen: [{address: "127.0.0.1:0", plain-text: allowed}, "127.0.0.1:0"]
            admin: 127.0.0.1:0
            loops: 2
            tls: {certificate: server.pem, key: server.key}
            """;

    private final Path directory;
    private final String preamble;
    private final CapturedLines accessLog = new CapturedLines();
    private final Gateway gateway;

    private TestGateway(Path directory, String preamble, String configuration, Time time) throws IOException {
        this.directory = directory;
        this.preamble = preamble;
        gateway = Gateway.start(load(configuration).orThrow(), time, new SplittableRandom(1), accessLog);
    }

    /** @throws IllegalArgumentException when the configuration is refused; the message holds every error */
    public static TestGateway start(String configuration) throws IOException {
        return start(configuration, Time.SYSTEM);
    }

    public static TestGateway start(String configuration, Time time) throws IOException {
        return new TestGateway(Files.createTempDirectory("sallyport"), PLAIN, configuration, time);
    }

    /** With a second listener, which speaks TLS with a certificate of {@code authority} for 127.0.0.1, localhost and *.example. */
    public static TestGateway startSecure(TestCertificates authority, String configuration) throws IOException {
        Path directory = Files.createTempDirectory("sallyport");
        authority.server("127.0.0.1", "localhost", "*.example").write(directory, "server");
        return new TestGateway(directory, SECURE, configuration, Time.SYSTEM);
    }

    /** Where the files that the configuration names are looked for. */
    public Path directory() {
        return directory;
    }

    /** The port of the listener in plain text. */
    public int port() {
        return URI.create(gateway.urls().getFirst()).getPort();
    }

    /** The port of the listener with TLS. */
    public int securePort() {
        return URI.create(gateway.urls().getLast()).getPort();
    }

    public int adminPort() {
        return URI.create(gateway.adminUrl()).getPort();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public URI secureUri(String path) {
        return URI.create("https://127.0.0.1:" + securePort() + path);
    }

    /** Gives the running gateway another configuration, good or bad. */
    public ReloadOutcome reload(String configuration) {
        return gateway.reload(load(configuration));
    }

    /** What the admin listener answers on {@code path}. */
    public String admin(String path) throws IOException {
        try (RawClient client = RawClient.connect(adminPort())) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n").response()
                    .text();
        }
    }

    /** The lines of the access log so far, as they were written. */
    public String accessLogText() {
        return accessLog.text();
    }

    public List<JsonNode> accessLog() {
        return accessLogText().lines().map(JSON::readTree).toList();
    }

    /** The first {@code count} lines of the access log; waits for them. */
    public List<JsonNode> awaitLines(int count) throws Exception {
        Eventually.assertEventually(() -> {
            if (accessLogText().lines().count() < count) {
                throw new AssertionError("fewer than " + count + " lines in the access log:\n" + accessLogText());
            }
        });
        return accessLog().subList(0, count);
    }

    /** The line of the call with this id; waits for it. */
    public JsonNode awaitLine(String callId) throws Exception {
        AtomicReference<JsonNode> found = new AtomicReference<>();
        Eventually.assertEventually(() -> found.set(accessLog().stream()
                .filter(line -> line.get("call").stringValue().equals(callId))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no line of call " + callId + " in the access log:\n" + accessLogText()))));
        return found.get();
    }

    /** Bytes of Netty's pooled direct buffers that are in use now, by everything in this process. */
    public long directBytes() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    /** Takes no new calls, waits for those under way, ends. */
    @Override
    public void close() throws IOException {
        gateway.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private LoadResult load(String configuration) {
        return ConfigurationLoader.parse(directory.resolve("sallyport.yaml"),
                (preamble + configuration).getBytes(UTF_8));
    }
}
