package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that people have at hand: curl and openssl. Skipped by name where they are absent. */
final class CommandLineClientsTest {
    private final TestCertificates authority = new TestCertificates();
    private final TestKey key = TestKey.make();

    @TempDir
    private Path directory;

    private FakeUpstream upstream;
    private TestGateway gateway;
    private Path root;

    @BeforeEach
    void start() throws Exception {
        root = authority.writeRoot(directory);
        upstream = FakeUpstream.start(Behaviour.echoes());
        gateway = TestGateway.startSecure(authority, """
                models:
                  m: {url: "%s"}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), key.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void curlOverHttp11() throws Exception {
        assertThat(curl("--http1.1", gateway.uri("/m/predict").toString())).isEqualTo("body 200 1.1");
    }

    @Test
    void curlThatOffersAnUpgradeToHttp2() throws Exception {
        assertThat(curl("--http2", gateway.uri("/m/predict").toString())).startsWith("body 200 ");
    }

    @Test
    void curlOverHttp2WithPriorKnowledge() throws Exception {
        assertThat(curl("--http2-prior-knowledge", gateway.uri("/m/predict").toString())).isEqualTo("body 200 2");
    }

    @Test
    void curlOverTlsSpeaksHttp2() throws Exception {
        assertThat(curl("--http2", "--cacert", root.toString(), gateway.secureUri("/m/predict").toString()))
                .isEqualTo("body 200 2");
        assertThat(curl("--http1.1", "--cacert", root.toString(), gateway.secureUri("/m/predict").toString()))
                .isEqualTo("body 200 1.1");
    }

    @Test
    void curlThatUploadsWhileItIsAsked100Continue() throws Exception {
        Path large = Files.writeString(directory.resolve("large"), "x".repeat(3_000_000));

        assertThat(curl("--http1.1", "-H", "Expect: 100-continue", "-T", large.toString(),
                gateway.uri("/m/predict").toString()))
                .endsWith("x 200 1.1")
                .hasSize(3_000_000 + " 200 1.1".length());
    }

    @Test
    void opensslSeesTlsAndTheRightCertificate() throws Exception {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            String output = run("openssl",
                    "GET /m/predict HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nX-Api-Key: " + key.text()
                            + "\r\n\r\n",
                    "s_client", "-connect", "127.0.0.1:" + gateway.securePort(), "-CAfile", root.toString(),
                    "-verify_return_error",
                    "-verify_ip", "127.0.0.1", "-alpn", "http/1.1", "-ign_eof", version);

            assertThat(output).contains("Verify return code: 0 (ok)", "ALPN protocol: http/1.1", "HTTP/1.1 200");
        }
    }

    @Test
    void opensslIsRefusedOldVersions() throws Exception {
        String output = run("openssl", "", "s_client", "-connect", "127.0.0.1:" + gateway.securePort(), "-tls1_1",
                "-cipher", "DEFAULT@SECLEVEL=0");

        assertThat(output).doesNotContain("HTTP/1.1").containsAnyOf("alert protocol version", "no protocols available",
                "Cipher is (NONE)");
    }

    /** What curl got, the status and the version of HTTP. */
    private String curl(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-sS", "-m", "20", "-H", "Authorization: " + key.bearer(), "-w",
                " %{http_code} %{http_version}"));
        all.addAll(List.of(arguments));
        if (!all.contains("-T")) {
            all.addAll(List.of("-d", "body"));
        }
        return run("curl", "", all.toArray(String[]::new));
    }

    private static String run(String program, String input, String... arguments) throws Exception {
        assumeTrue(installed(program), program + " is not installed");
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().flush();
        if (input.isEmpty()) {
            process.getOutputStream().close();
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(program + " did not end");
        }
        return output;
    }

    private static boolean installed(String program) {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
