package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide for one model, run block by block on this machine as on an empty one: in a mount and network namespace of its own,
 * with a copy of {@code /etc}, {@code /opt}, {@code /var} and {@code /root} that is thrown away. What needs root and cannot be had is
 * skipped by name: the whole test without namespaces, the firewall without {@code nft}. There is no systemd in a namespace, so starting
 * the unit runs its {@code ExecStartPre} and {@code ExecStart} as its user.
 */
final class OneModelGuideTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path GUIDE = ROOT.resolve("docs/guides/one-model.md");
    private static final String PRINTS = "# prints: ";

    @TempDir
    Path folder;

    /** A block of the guide and what its output must hold. */
    private record Block(String script, List<String> prints) {}

    @Test
    @Timeout(300)
    void everyBlockDoesWhatItSays() throws Exception {
        List<Block> blocks = blocks();
        assertThat(blocks).hasSizeGreaterThan(10);
        assumeTrue(canIsolate(), "skipped: needs root and namespaces");

        Path log = folder.resolve("guide.log");
        Process run = new ProcessBuilder("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash",
                script(blocks).toString()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = run.waitFor(280, TimeUnit.SECONDS);
        run.destroyForcibly();

        String shown = Files.readString(log, UTF_8);
        assertThat(ended).as(shown).isTrue();
        for (int i = 0; i < blocks.size(); i++) {
            int index = i;
            String output = between(shown, i);
            assertThat(output).as("block %d of the guide:%n%s%n%s", i + 1, blocks.get(i).script(), shown).isNotNull();
            if (output == null || output.contains("guide: skipped")) {
                continue;
            }
            assertThat(output).as("what block %d prints:%n%s", i + 1, blocks.get(i).script())
                    .satisfies(text -> assertThat(blocks.get(index).prints()).allMatch(text::contains));
        }
        assertThat(run.exitValue()).as(shown).isZero();
    }

    private static boolean canIsolate() throws Exception {
        return new ProcessBuilder("unshare", "--mount", "--net", "bash", "-c",
                "mount --make-rprivate / && mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w"
                        + " && mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w /etc && ip link set lo up"
                        + " && command -v python3 curl openssl useradd setpriv systemd-analyze")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    private static @Nullable String between(String shown, int block) {
        int start = shown.indexOf("guide: block " + block + " begins");
        int end = shown.indexOf("guide: block " + block + " ends");
        return start < 0 || end < 0 ? null : shown.substring(start, end);
    }

    private static List<Block> blocks() throws Exception {
        List<Block> blocks = new ArrayList<>();
        StringBuilder script = null;
        List<String> prints = new ArrayList<>();
        for (String line : Files.readAllLines(GUIDE, UTF_8)) {
            if (script == null && line.equals("```sh")) {
                script = new StringBuilder();
                prints = new ArrayList<>();
            } else if (script != null && line.equals("```")) {
                blocks.add(new Block(script.toString(), List.copyOf(prints)));
                script = null;
            } else if (script != null && line.startsWith(PRINTS)) {
                prints.add(line.substring(PRINTS.length()));
            } else if (script != null) {
                script.append(line).append('\n');
            }
        }
        return blocks;
    }

    /** The blocks one after another in one shell that ends at the first command that fails, on a machine prepared for them. */
    private Path script(List<Block> blocks) throws Exception {
        Path launcher = ExampleLauncher.write(folder);
        Path model = Files.writeString(folder.resolve("model.py"), """
                import http.server, json
                class Model(http.server.BaseHTTPRequestHandler):
                    protocol_version = "HTTP/1.1"
                    def do_POST(self):
                        self.rfile.read(int(self.headers["content-length"]))
                        body = json.dumps({"top": [{"label": str(n), "score": 0.1234567 * n} for n in range(7, 0, -1)]}).encode()
                        self.send_response(200)
                        self.send_header("content-type", "application/json")
                        self.send_header("content-length", str(len(body)))
                        self.end_headers()
                        self.wfile.write(body)
                    def log_message(self, *_): pass
                http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Model).serve_forever()
                """);
        StringBuilder script = new StringBuilder("""
                set -euo pipefail
                mount --make-rprivate /
                mkdir -p %1$s/layers && mount -t tmpfs none %1$s/layers
                for directory in etc opt var root; do
                    mkdir -p %1$s/layers/$directory/upper %1$s/layers/$directory/work
                    mount -t overlay overlay -o lowerdir=/$directory,upperdir=%1$s/layers/$directory/upper,workdir=%1$s/layers/$directory/work /$directory
                done
                ip link set lo up
                chmod 0755 %1$s /root
                mkdir -p /opt/sallyport/examples
                cp -r %2$s/ops %2$s/docs /opt/sallyport/
                cp -r %2$s/examples/j1-image-model /opt/sallyport/examples/
                cp %3$s /opt/sallyport/sallyport
                chmod 0755 /opt /opt/sallyport /opt/sallyport/sallyport
                echo "127.0.0.1 api.example.org" >> /etc/hosts
                python3 %4$s & for i in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:8000/ && break; sleep 0.1; done
                command -v nft >/dev/null && nft list tables >/dev/null 2>&1 || nft() { echo "guide: skipped: there is no nft"; }
                # What systemd would do with the unit, as far as it matters here.
                systemctl() {
                    local unit=/etc/systemd/system/sallyport.service user
                    user=$(sed -n 's/^User=//p' $unit)
                    as_user() { setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs --bounding-set -all,+net_bind_service \\
                        --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service "$@"; }
                    case $1 in
                    daemon-reload) ;;
                    stop) kill $service; wait $service || [ $? = 143 ] ;;
                    enable|start)
                        (cd /var/lib/sallyport && as_user $(sed -n 's/^ExecStartPre=//p' $unit))
                        (cd /var/lib/sallyport && umask 0077 && as_user $(sed -n 's/^ExecStart=//p' $unit)) &
                        service=$! ;;
                    *) echo "systemctl $*: not understood"; return 1 ;;
                    esac
                }
                """.formatted(folder, ROOT, launcher, model));
        for (int i = 0; i < blocks.size(); i++) {
            script.append("echo 'guide: block ").append(i).append(" begins'\n").append(blocks.get(i).script())
                    .append("echo 'guide: block ").append(i).append(" ends'\n");
        }
        script.append("systemctl stop\nexit 0\n");
        return Files.writeString(folder.resolve("guide.sh"), script);
    }
}
