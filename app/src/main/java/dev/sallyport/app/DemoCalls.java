package dev.sallyport.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the demo's calls as a reader would, with the shell and the real curl, and compares what comes back with what is expected. */
final class DemoCalls {
    private static final Pattern STATUS = Pattern.compile("HTTP/[0-9.]+ ([0-9]{3})");

    private final PrintWriter out;

    DemoCalls(PrintWriter out) {
        this.out = requireNonNull(out, "out is null");
    }

    /** Makes all calls in order; returns whether each came to what is expected. */
    boolean make(List<DemoScript.Step> steps) throws IOException, InterruptedException {
        int expected = 0;
        for (DemoScript.Step step : steps) {
            out.println("# expect " + step.status() + ": " + step.why());
            out.println(step.line());
            String answer = shell(step.line());
            out.println(answer.strip());
            int status = status(answer);
            boolean asExpected = status == step.status();
            expected += asExpected ? 1 : 0;
            out.println(asExpected ? "→ " + status + ", as expected" : "→ " + status + " and not " + step.status());
            out.println();
        }
        out.println(expected + " of " + steps.size() + " calls came to what is expected");
        return expected == steps.size();
    }

    private static String shell(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exitCode = process.waitFor();
        return exitCode == 0 ? answer : answer + "(exit code " + exitCode + ")";
    }

    /** That of the last status line, which follows those of interim answers; 0 when there is none. */
    private static int status(String answer) {
        Matcher matcher =
                STATUS.matcher(answer.lines().filter(line -> line.startsWith("HTTP/")).reduce("", (_, last) -> last));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
