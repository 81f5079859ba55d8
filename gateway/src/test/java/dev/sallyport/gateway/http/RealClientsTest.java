package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.gateway.testing.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that people really use against the listener; each test is skipped where its program is not installed. */
final class RealClientsTest {
    private final TestAuthority authority = new TestAuthority("root");
    private final TestingHandler handler = TestingHandler.echo();

    @TempDir
    private Path directory;

    private ServerTls tls;
    private TestingGateway plain;
    private TestingGateway secure;

    @BeforeEach
    void start() throws IOException {
        authority.issue("a.example").write(directory, "a");
        authority.issue("b.example").write(directory, "b");
        Files.writeString(directory.resolve("root.pem"), authority.certificatePem());
        tls = ServerTls.load(List.of(files("a"), files("b")));
        plain = TestingGateway.plain(handler);
        secure = TestingGateway.secure(tls, handler);
    }

    @AfterEach
    void stop() {
        plain.close();
        secure.close();
        tls.close();
    }

    @Test
    void curlWithPriorKnowledge() throws Exception {
        assertThat(curl("--http2-prior-knowledge", "http://127.0.0.1:" + plain.address().getPort() + "/x?y"))
                .isEqualTo("GET /x?y\n2 200");
    }

    @Test
    void curlOverTls() throws Exception {
        String url = "https://b.example:" + secure.address().getPort() + "/x";
        String[] common = {"--resolve", "b.example:" + secure.address().getPort() + ":127.0.0.1", "--cacert",
            directory.resolve("root.pem").toString(), url};

        assertThat(curl(with(common, "--http2"))).isEqualTo("GET /x\n2 200");
        assertThat(curl(with(common, "--http1.1"))).isEqualTo("GET /x\n1.1 200");
        assertThat(curl(with(common, "--tls-max", "1.2", "--http2"))).isEqualTo("GET /x\n2 200");
    }

    @Test
    void curlSendsAndFetchesMuch() throws Exception {
        byte[] much = "0123456789".repeat(300_000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Path file = Files.write(directory.resolve("much"), much);

        String answer = curl("--http2-prior-knowledge", "--data-binary", "@" + file,
                "http://127.0.0.1:" + plain.address().getPort() + "/");

        assertThat(answer).startsWith("POST /\n0123").endsWith("89" + "2 200").hasSize(7 + much.length + 5);
    }

    @Test
    void opensslSeesTheCertificateForTheNameAndTheProtocol() throws Exception {
        String answer = run("openssl", "s_client", "-connect", "127.0.0.1:" + secure.address().getPort(), "-servername",
                "b.example", "-alpn", "h2",
                "-CAfile", directory.resolve("root.pem").toString(), "-verify_return_error", "-verify_hostname",
                "b.example");

        assertThat(answer).contains("ALPN protocol: h2", "Verification: OK", "TLSv1.3");
    }

    @Test
    void opensslCannotUseOldVersions() throws Exception {
        for (String version : List.of("-tls1", "-tls1_1")) {
            String answer = run("openssl", "s_client", "-connect", "127.0.0.1:" + secure.address().getPort(), version,
                    "-cipher", "ALL:@SECLEVEL=0");
            assertThat(answer).contains("Cipher is (NONE)");
        }
    }

    @Test
    void nghttpFetchesManyAtOnce() throws Exception {
        List<String> command = new ArrayList<>(List.of("nghttp", "--null-out", "--stat"));
        for (int i = 0; i < 50; i++) {
            command.add("http://127.0.0.1:" + plain.address().getPort() + "/" + i);
        }

        assertThat(run(command.toArray(String[]::new)).lines().filter(line -> line.contains(" 200 "))).hasSize(50);
    }

    private static String[] with(String[] common, String... more) {
        return Stream.concat(Stream.of(more), Stream.of(common)).toArray(String[]::new);
    }

    private static String curl(String... arguments) throws Exception {
        return run(with(arguments, "curl", "--silent", "--show-error", "--max-time", "30", "--noproxy", "*",
                "--write-out", "%{http_version} %{http_code}"));
    }

    /** What the program prints. Its input is empty. */
    private static String run(String... command) throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, command[0]))), command[0] + " is not installed");
        Process process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null")).start();
        String output =
                new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private CertificateFiles files(String name) {
        return new CertificateFiles(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
    }
}
