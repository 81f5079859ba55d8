package dev.sallyport.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point: the {@code sallyport} command and its subcommands. */
@Command(
        name = "sallyport",
        description = "A zero-trust gateway for AI.",
        footer = {"", "Example:", "  ./sallyport demo"},
        versionProvider = VersionCommand.Provider.class,
        subcommands = {
            RunCommand.class, DemoCommand.class, CheckCommand.class, SchemaCommand.class, KeysCommand.class,
            VersionCommand.class})
public final class Main implements Runnable {
    /** The command did what it should. */
    static final int SUCCESS = 0;
    /** Something failed that is neither the command line nor the configuration. */
    static final int FAILURE = 1;
    /** The command line or the configuration is wrong. */
    static final int BAD_USAGE = 2;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT,
            description = "Show this help, and end.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Print the version, and end.")
    private boolean version;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8), arguments));
    }

    /** Runs one command, and returns its exit code. */
    static int execute(PrintWriter out, PrintWriter error, String... arguments) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(error)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, _) -> report(failure, command.getErr()))
                .execute(arguments);
    }

    /** What goes wrong outside is said in one line; what goes wrong inside needs to be found. */
    private static int report(Exception failure, PrintWriter error) {
        if (failure instanceof IOException) {
            error.println("sallyport: " + failure.getMessage());
        } else {
            error.println("sallyport: an error inside; please report it with what follows");
            failure.printStackTrace(error);
        }
        return FAILURE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
