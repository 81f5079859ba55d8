package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.Behaviour;
import dev.sallyport.testkit.FakeUpstream;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that people's own programs write pass as they are. Skipped by name where a program is absent. */
final class FormClientsTest {
    private static final byte[] PNG = Base64.getDecoder().decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC");

    private final TestKey key = TestKey.make();

    @TempDir
    private Path directory;

    private FakeUpstream upstream;
    private TestGateway gateway;
    private Path picture;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start(Behaviour.answers(200, "text/plain", "seen"));
        gateway = TestGateway.start("""
                models:
                  m: {url: "%s", accepts: [image/png, application/json, multipart/form-data]}
                callers:
                  app: {key: "%s", may: [m]}
                """.formatted(upstream.url(), key.hash()));
        picture = Files.write(directory.resolve("a picture.png"), PNG);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "file=@PICTURE", "file=@PICTURE;type=image/png", "file=@PICTURE;type=application/octet-stream",
        "file=@PICTURE;filename=\"a \\\"b\\\" c.png\"", "file=@PICTURE;filename=Ärger.png",
        "options={\"top\": 3};type=application/json",
    })
    void curl(String form) throws Exception {
        InstalledTool curl = installed("curl");
        List<String> arguments = new ArrayList<>(List.of("-sS", "-m", "20", "-H", "Authorization: " + key.bearer(),
                "-F", "field=plain text", "-F", form.replace("PICTURE", picture.toString()),
                gateway.uri("/m/predict").toString()));

        assertThat(curl.run("", arguments.toArray(String[]::new)).text()).isEqualTo("seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "files={'file': open(p, 'rb')}", "files={'file': ('Ärger.png', open(p, 'rb'))}",
        "files={'file': ('x.png', open(p, 'rb'), 'image/png')}, data={'top': '3', 'label': 'Ä'}",
        "files=[('file', ('1.png', open(p, 'rb'))), ('file', ('2.png', open(p, 'rb')))]",
        "files={'options': (None, '{\"top\": 3}', 'application/json'), 'file': open(p, 'rb')}",
    })
    void pythonsRequests(String arguments) throws Exception {
        assertThat(python("requests", arguments)).isEqualTo("200 seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "files={'file': open(p, 'rb')}", "files={'file': ('x.png', open(p, 'rb'), 'image/png')}, data={'top': '3'}",
    })
    void pythonsHttpx(String arguments) throws Exception {
        assertThat(python("httpx", arguments)).isEqualTo("200 seen");
    }

    @Test
    void nodesFetch() throws Exception {
        InstalledTool node = installed("node");
        String script = """
                const form = new FormData();
                form.append('top', '3');
                form.append('file', new Blob([require('fs').readFileSync(process.argv[1])], {type: 'image/png'}), 'Ärger "x".png');
                fetch(process.argv[2], {method: 'POST', headers: {authorization: process.argv[3]}, body: form})
                    .then(async answer => process.stdout.write(answer.status + ' ' + await answer.text()));
                """;
        assumeTrue(node.run("", "-e", "new FormData(); fetch").exitCode() == 0, "this node has no fetch");

        assertThat(node.run("", "-e", script, picture.toString(), gateway.uri("/m/predict").toString(), key.bearer())
                .text())
                .isEqualTo("200 seen");
    }

    private String python(String library, String arguments) throws Exception {
        InstalledTool python = installed("python3");
        assumeTrue(python.run("", "-c", "import " + library).exitCode() == 0,
                "skipped: there is no " + library + " for Python");
        String script = "import sys, " + library + "\np = sys.argv[1]\nr = " + library
                + ".post(sys.argv[2], headers={'authorization': sys.argv[3]}, " + arguments
                + ")\nprint(r.status_code, r.text, end='')\n";
        Path file = Files.writeString(directory.resolve("send.py"), script, UTF_8);
        return python.run("", file.toString(), picture.toString(), gateway.uri("/m/predict").toString(), key.bearer())
                .text();
    }

    private static InstalledTool installed(String program) {
        @Nullable InstalledTool tool = InstalledTool.find(program);
        assumeTrue(tool != null, "skipped: " + program + " is not installed");
        return requireNonNull(tool);
    }
}
