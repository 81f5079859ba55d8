package dev.sallyport.app;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version of Sallyport and of the Java that runs it. */
@Command(
        name = "version",
        description = "Print the version of Sallyport and of the Java that runs it.",
        footer = {"", "Example:", "  ./sallyport version --json"},
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String version = Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
        String java = Runtime.version().toString();
        spec.commandLine()
                .getOut()
                .println(json
                        ? "{\"version\": \"%s\", \"java\": \"%s\"}".formatted(version, java)
                        : "sallyport %s (Java %s)".formatted(version, java));
        return 0;
    }
}
