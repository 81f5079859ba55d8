package dev.sallyport.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.demo.DigitClassifier;
import dev.sallyport.app.demo.DigitServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a gateway before a small model of its own, and shows calls that are allowed and calls that are refused. */
@Command(
        name = "demo",
        description = "Run the gateway before a small model of its own, and print calls to try: allowed and refused.",
        footer = {"", "Ctrl-C ends it and removes its files.", "", "Examples:", "  ./sallyport demo",
            "  ./sallyport demo --run"})
final class DemoCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 8080;
    private static final int USUAL_ADMIN_PORT = 8081;
    private static final int CALL_MILLIS_MAX = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--run",
            description = "Make the calls, print what came back, and end. Exit code 0 when all is as expected.")
    private boolean run;

    @Override
    public Integer call() throws IOException, InterruptedException {
        DigitClassifier classifier = DigitClassifier.load();
        Path directory = Files.createTempDirectory("sallyport-demo-");
        try (StopSignal stop = StopSignal.install(); DigitServer model = DigitServer.start(classifier)) {
            DemoScript script =
                    DemoScript.write(directory, model.url(), freePort(USUAL_PORT), freePort(USUAL_ADMIN_PORT));
            try (Gateway gateway = Gateway.start(ConfigurationLoader.load(script.configuration()).orThrow())) {
                gateway.watch(script.configuration());
                String url = gateway.urls().getFirst();
                useUp(url, script.keyHasty());
                introduce(script, url, gateway.adminUrl(), classifier.tested());
                List<DemoScript.Step> steps = script.steps(url);
                if (run) {
                    return new DemoCalls(spec.commandLine().getOut()).make(steps) ? Main.SUCCESS : Main.FAILURE;
                }
                print(steps);
                stop.await();
            }
        } finally {
            remove(directory);
        }
        return Main.SUCCESS;
    }

    private void introduce(DemoScript script, String url, String adminUrl, DigitClassifier.Tested tested) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("A model that reads hand-written digits (%.1f %% of %d unseen pictures right) is behind %s/digits"
                .formatted(tested.accuracy() * 100, tested.images(), url));
        out.println("  configuration    " + script.configuration());
        out.println("  access log       " + script.accessLog());
        out.println("  health, metrics  " + adminUrl + "/readyz  " + adminUrl + "/metrics");
        out.println();
    }

    private void print(List<DemoScript.Step> steps) {
        PrintWriter out = spec.commandLine().getOut();
        for (DemoScript.Step step : steps) {
            out.println("# expect " + step.status() + ": " + step.why());
            out.println(step.line());
            out.println();
        }
        out.println("Ctrl-C ends the demo.");
    }

    /** Makes the one call that the hasty caller has, so that its next is refused. */
    private static void useUp(String url, String key) throws IOException {
        HttpURLConnection call =
                (HttpURLConnection) URI.create(url + "/digits/predict").toURL().openConnection(Proxy.NO_PROXY);
        call.setConnectTimeout(CALL_MILLIS_MAX);
        call.setReadTimeout(CALL_MILLIS_MAX);
        call.setRequestProperty("X-Api-Key", key);
        call.setRequestProperty("Content-Type", "application/json");
        call.setDoOutput(true);
        call.getOutputStream().write(DemoScript.PICTURE.getBytes(UTF_8));
        int status = call.getResponseCode();
        call.disconnect();
        if (status != 200) {
            throw new IOException("the demo's first call came back with " + status);
        }
    }

    /** {@code usual} when nothing listens there, else any that is free. */
    private static int freePort(int usual) throws IOException {
        try {
            return bindable(usual);
        } catch (IOException taken) {
            return bindable(0);
        }
    }

    private static int bindable(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return socket.getLocalPort();
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
