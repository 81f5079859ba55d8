package dev.sallyport.app;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationErrors;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.Finding;
import dev.sallyport.gateway.call.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "run",
        description = "Run the gateway. Edits of the configuration apply at once; a bad one changes nothing and is logged.",
        footer = {
            "", "SIGTERM or Ctrl-C ends it when the calls under way have ended.",
            "Exit code: 0 when it was told to stop, 1 when it could not start, 2 when the configuration is wrong.",
            "", "Example:", "  ./sallyport run sallyport.yaml"})
final class RunCommand implements Callable<Integer> {
    private static final int MANY_CALLERS = 1_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationFile file;

    @Option(names = "--watch", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "Apply edits of the configuration (default), or not.")
    private boolean watch;

    @Option(names = "--json", description = "Print the line that says it is ready as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return switch (ConfigurationLoader.load(file.path())) {
            case ConfigurationErrors(List<Finding> errors) -> {
                ConfigurationFile.print(spec.commandLine().getErr(), "", errors);
                yield Main.BAD_USAGE;
            }
            case Configuration configuration -> run(configuration);
        };
    }

    private int run(Configuration configuration) throws IOException, InterruptedException {
        ConfigurationFile.print(spec.commandLine().getErr(), "notice: ", configuration.notices());
        try (StopSignal stop = StopSignal.install(); Gateway gateway = Gateway.start(configuration)) {
            if (watch) {
                gateway.watch(file.path());
            }
            giveBackMemory(configuration);
            sayReady(gateway);
            stop.await();
        } catch (IllegalArgumentException unusable) {
            spec.commandLine().getErr().println("sallyport: " + unusable.getMessage());
            return Main.BAD_USAGE;
        }
        return Main.SUCCESS;
    }

    /** What reading a large configuration took has grown old by now, and would stay as long as the process runs. */
    private static void giveBackMemory(Configuration configuration) {
        if (configuration.callers().size() > MANY_CALLERS) {
            System.gc();
        }
    }

    private void sayReady(Gateway gateway) {
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            gateway.urls().forEach(url -> out.println("listening on " + url));
            out.println("health and metrics on " + gateway.adminUrl());
            return;
        }
        JsonWriter writer =
                new JsonWriter(256).beginObject().name("event").string("ready").name("listeners").beginArray();
        for (String url : gateway.urls()) {
            writer.beginObject().name("url").string(url).endObject();
        }
        out.println(writer.endArray().name("admin").string(gateway.adminUrl()).endObject());
    }
}
