package dev.sallyport.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: the {@code sallyport} command and its subcommands. */
@Command(
        name = "sallyport",
        description = "A zero-trust gateway for AI.",
        mixinStandardHelpOptions = true,
        subcommands = VersionCommand.class)
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
