package dev.sallyport.app;

import dev.sallyport.app.check.CheckReport;
import dev.sallyport.app.check.ConfigurationCheck;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says everything that is wrong with a configuration, what was probably not meant, and what no control sees. */
@Command(
        name = "check",
        description = "Say what is wrong with a configuration, what was probably not meant, and how calls could pass a control. Starts nothing.",
        footer = {
            "",
            "Exit code: 0 when it is valid, 1 when it is and there are warnings and --strict, 2 when it is not valid.",
            "", "Example:", "  ./sallyport check --strict sallyport.yaml"})
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationFile file;

    @Option(names = "--json", description = "Print as JSON: {valid, errors, warnings, notices, skips}.")
    private boolean json;

    @Option(names = "--offline", description = "Open no connection to the models.")
    private boolean offline;

    @Option(names = "--strict",
            description = "A model that cannot be reached is an error, and warnings fail the command.")
    private boolean strict;

    @Override
    public Integer call() {
        CheckReport report = new ConfigurationCheck(InstantSource.system(), offline, strict).of(file.path());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json());
        } else {
            new CheckPage(report, out).print(file.path());
        }
        return !report.valid() ? Main.BAD_USAGE
                : strict && !report.warnings().isEmpty() ? Main.FAILURE : Main.SUCCESS;
    }
}
