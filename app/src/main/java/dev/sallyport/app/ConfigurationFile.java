package dev.sallyport.app;

import dev.sallyport.app.config.Finding;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The parameter of every command that reads a configuration. */
final class ConfigurationFile {
    @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = "sallyport.yaml",
            description = "The configuration; ${DEFAULT-VALUE} when none is named.")
    private Path path;

    Path path() {
        return path;
    }

    /** Prints one finding per line. */
    static void print(PrintWriter out, String prefix, List<Finding> findings) {
        findings.forEach(finding -> out.println(prefix + finding));
    }
}
