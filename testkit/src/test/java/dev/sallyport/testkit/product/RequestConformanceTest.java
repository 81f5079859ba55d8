package dev.sallyport.testkit.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.conformance.CaseRunner;
import dev.sallyport.gateway.testing.conformance.ConformanceReport;
import dev.sallyport.gateway.testing.conformance.RequestCase;
import dev.sallyport.testkit.RawClient;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every public case of smuggling, framing, header and path forms, through the whole gateway. Counts go to target/conformance-gateway.txt. */
final class RequestConformanceTest {
    private static final String PREFACE = "http/request-line/http-2-preface";
    private static final TestKey KEY = TestKey.make();
    private static final ConformanceReport REPORT =
            new ConformanceReport("HTTP/1.1 request cases, through the whole gateway");
    private static ConformanceUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new ConformanceUpstream();
        gateway = TestGateway.start("""
                models:
                  site: {url: "%1$s", hosts: [a.example], body: 1 MiB, retries: 0}
                  denied: {url: "%1$s", hosts: [denied.example]}
                callers:
                  anybody: {anonymous: true, may: [site]}
                  app: {key: "%2$s", may: [site]}
                """.formatted(upstream.url(), KEY.hash()));
        upstream.watch(gateway);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
        REPORT.write(Path.of("target", "conformance-gateway.txt"));
    }

    @TestFactory
    Stream<DynamicTest> passes() {
        CaseRunner runner = new CaseRunner(new InetSocketAddress("127.0.0.1", gateway.port()), upstream,
                RequestConformanceTest::fitted);
        return RequestCase.all().stream().filter(requestCase -> !requestCase.name().equals(PREFACE))
                .map(requestCase -> DynamicTest.dynamicTest(requestCase.name(), () -> run(runner, requestCase)));
    }

    /** "Speak h2 on this port or refuse; never forward it": this port speaks it, so the answer is no HTTP/1.1. */
    @Test
    void thePrefaceOfHttp2BeginsHttp2() throws IOException {
        RequestCase preface =
                RequestCase.all().stream().filter(each -> each.name().equals(PREFACE)).findFirst().orElseThrow();
        try (RawClient client = RawClient.connect(gateway.port())) {
            byte[] header = client.send(preface.raw()).input().readNBytes(9);

            boolean settings = header[3] == 4;
            boolean forwarded = !upstream.take().isEmpty();
            REPORT.count(preface.category(), PREFACE, settings && !forwarded ? "" : "no SETTINGS frame, or forwarded");
            assertThat(settings).isTrue();
            assertThat(forwarded).isFalse();
        }
    }

    private static void run(CaseRunner runner, RequestCase requestCase) throws IOException {
        List<String> problems = runner.run(requestCase);
        REPORT.count(requestCase.category(), requestCase.name(), String.join("; ", problems));
        assertThat(problems).as(requestCase.raw()).isEmpty();
    }

    /** Real credentials; and what the cases assume that policy refuses goes where policy does: a host, since grants know no paths. */
    private static String fitted(String raw) {
        boolean refused = raw.startsWith("POST /denied ")
                || raw.contains("Upgrade: websocket") && raw.contains("dGhlIHNhbXBsZSBub25jZQ==");
        String fitted = raw.replace("Authorization: Bearer x\r\n", "Authorization: " + KEY.bearer() + "\r\n");
        return refused ? fitted.replace("Host: a.example", "Host: denied.example") : fitted;
    }
}
