package dev.sallyport.app;

import dev.sallyport.gateway.call.JsonWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version of Sallyport and of the Java that runs it. */
@Command(
        name = "version",
        description = "Print the version of Sallyport and of the Java that runs it.",
        footer = {"", "Example:", "  ./sallyport version --json"})
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(json
                ? new JsonWriter(128).beginObject().name("version").string(version()).name("java").string(java())
                        .endObject()
                : text());
        return Main.SUCCESS;
    }

    /** What {@code --version} prints. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{text()};
        }
    }

    private static String text() {
        return "sallyport %s (Java %s)".formatted(version(), java());
    }

    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
    }

    private static String java() {
        return Runtime.version().toString();
    }
}
