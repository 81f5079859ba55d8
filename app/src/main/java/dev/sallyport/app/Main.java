package dev.sallyport.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point: the {@code sallyport} command and its subcommands. */
@Command(
        name = "sallyport",
        description = "A zero-trust gateway for AI.",
        footer = {"", "Example:", "  ./sallyport demo"},
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class, DemoCommand.class, CheckCommand.class, KeysCommand.class, VersionCommand.class,
            CommandLine.HelpCommand.class})
public final class Main implements Runnable {
    /** The command did what it should. */
    static final int SUCCESS = 0;
    /** Something failed that is neither the command line nor the configuration. */
    static final int FAILURE = 1;
    /** The command line or the configuration is wrong. */
    static final int BAD_USAGE = 2;

    @Spec
    private CommandSpec spec;

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
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr()
                            .println("sallyport: " + (failure.getMessage() == null ? failure : failure.getMessage()));
                    return FAILURE;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
