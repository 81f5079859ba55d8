package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.gateway.identity.ApiKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway as a process: how it starts, applies edits and ends. */
class RunCommandTest {
    @TempDir
    Path directory;

    private final String key = ApiKey.make(new SecureRandom());
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext("/quick", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        upstream.createContext("/slow", exchange -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        upstream.start();
    }

    @AfterEach
    void stop() {
        answer.countDown();
        upstream.stop(0);
        client.close();
    }

    @Test
    void printsOneLinePerListenerAndAnswersAtOnce() throws Exception {
        Path file = write("listen: [127.0.0.1:0, \"[::1]:0\"]\n");
        try (ProductProcess process = ProductProcess.start("run", file.toString())) {
            String first = process.line();
            String second = process.line();
            assertThat(first).matches("listening on http://127\\.0\\.0\\.1:\\d+");
            assertThat(second).matches("listening on http://\\[[0:]+1]:\\d+");
            assertThat(process.line()).matches("health and metrics on http://127\\.0\\.0\\.1:\\d+");
            assertThat(status(first.substring("listening on ".length()) + "/model/quick")).isEqualTo(204);
            assertThat(status(second.substring("listening on ".length()) + "/model/quick")).isEqualTo(204);
            process.terminate();
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void endsWithZeroOnTheTerminalsInterruptToo() throws Exception {
        try (ProductProcess process = ProductProcess.start("run", write("listen: 127.0.0.1:0\n").toString())) {
            process.line();
            process.interrupt();
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void letsACallUnderWayEndBeforeItEnds() throws Exception {
        try (ProductProcess process =
                ProductProcess.start("run", "--json", write("listen: 127.0.0.1:0\n").toString())) {
            JsonNode ready = JsonMapper.shared().readTree(process.line());
            assertThat(ready.get("event").stringValue()).isEqualTo("ready");
            String url = ready.get("listeners").get(0).get("url").stringValue();
            CompletableFuture<HttpResponse<Void>> call =
                    client.sendAsync(request(url + "/model/slow"), HttpResponse.BodyHandlers.discarding());
            asked.await();
            process.terminate();
            awaitNotReady(ready.get("admin").stringValue());
            assertThat(call).isNotDone();
            answer.countDown();
            assertThat(call.get().statusCode()).isEqualTo(204);
            assertThat(process.exitCode()).isZero();
            assertThat(process.rest()).contains("\"status\":204");
        }
    }

    @Test
    void appliesAnEditAndKeepsWhatItHasWhenTheEditIsBad() throws Exception {
        Path file = write("listen: 127.0.0.1:0\n");
        try (ProductProcess process = ProductProcess.start("run", "--json", file.toString())) {
            JsonNode ready = JsonMapper.shared().readTree(process.line());
            String url = ready.get("listeners").get(0).get("url").stringValue();
            String admin = ready.get("admin").stringValue();
            assertThat(status(url + "/model/quick")).isEqualTo(204);
            assertThat(status(url + "/other/quick")).isEqualTo(403);

            Files.writeString(file, Files.readString(file).replace("model:", "other:").replace("[model]", "[other]"));
            awaitStatus(url + "/other/quick", 204);
            assertThat(status(url + "/model/quick")).isEqualTo(403);

            Files.writeString(file, Files.readString(file).replace("models:", "modles:"));
            awaitText(admin + "/readyz", file + ":");
            assertThat(status(url + "/other/quick")).isEqualTo(204);
            assertThat(text(admin + "/readyz")).contains("\"status\":\"ready\"",
                    "unknown key `modles`; did you mean `models`?");
            assertThat(text(admin + "/metrics")).containsPattern("sallyport_\\w*reload\\w*");
            process.terminate();
            assertThat(process.exitCode()).isZero();
            assertThat(process.error()).contains("The configuration is applied: sha256:",
                    "The configuration is refused, the one before it stays: ");
        }
    }

    @Test
    void saysWhatIsWrongWithTheConfiguration() throws Exception {
        Path file = Files.writeString(directory.resolve("sallyport.yaml"), "modles: {}\n");
        try (ProductProcess process = ProductProcess.start("run", file.toString())) {
            assertThat(process.exitCode()).isEqualTo(2);
            assertThat(process.error()).contains(file + ":1:1: unknown key `modles`; did you mean `models`?");
        }
    }

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                ProductProcess process = ProductProcess.start("run",
                        write("listen: 127.0.0.1:" + taken.getLocalPort() + "\n").toString())) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.error()).contains("sallyport: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ",
                    "change `listen`");
        }
    }

    @Test
    void saysWhichCertificateCannotBeUsed() throws Exception {
        Path pem = Files.writeString(directory.resolve("server.pem"), "nothing");
        try (ProductProcess process = ProductProcess.start("run",
                write("listen: 127.0.0.1:0\ntls: {certificate: server.pem, key: server.pem}\n").toString())) {
            assertThat(process.exitCode()).isEqualTo(2);
            assertThat(process.error()).contains("sallyport: tls: " + pem + ": ");
        }
    }

    private Path write(String listen) throws IOException {
        return Files.writeString(directory.resolve("sallyport.yaml"), listen + """
                admin: 127.0.0.1:0
                models:
                  model:
                    url: http://127.0.0.1:%d
                callers:
                  app:
                    key: sha256:%s
                    may: [model]
                """.formatted(upstream.getAddress().getPort(), ApiKey.sha256(key)));
    }

    private HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).version(HttpClient.Version.HTTP_1_1).header("X-Api-Key", key)
                .build();
    }

    private int status(String url) throws IOException, InterruptedException {
        return client.send(request(url), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private void awaitStatus(String url, int status) throws IOException, InterruptedException {
        while (status(url) != status) {
            Thread.onSpinWait();
        }
    }

    private String text(String url) throws IOException, InterruptedException {
        return client.send(request(url), HttpResponse.BodyHandlers.ofString()).body();
    }

    private void awaitText(String url, String part) throws IOException, InterruptedException {
        while (!text(url).contains(part)) {
            Thread.onSpinWait();
        }
    }

    private void awaitNotReady(String admin) throws IOException, InterruptedException {
        while (client.send(request(admin + "/readyz"), HttpResponse.BodyHandlers.discarding()).statusCode() != 503) {
            Thread.onSpinWait();
        }
    }
}
