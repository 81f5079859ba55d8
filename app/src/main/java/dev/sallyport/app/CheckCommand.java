package dev.sallyport.app;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationErrors;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.LoadResult;
import dev.sallyport.app.config.Position;
import dev.sallyport.gateway.call.JsonWriter;
import dev.sallyport.gateway.http.ClientTls;
import dev.sallyport.gateway.http.ServerTls;
import dev.sallyport.gateway.upstream.TlsSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says everything that is wrong with a configuration, and what is probably not meant. */
@Command(
        name = "check",
        description = "Say everything that is wrong with a configuration, without starting anything.",
        footer = {"", "Exit code: 0 when it is valid, 2 when it is not.", "", "Example:",
            "  ./sallyport check sallyport.yaml"})
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationFile file;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        LoadResult result = withCertificates(ConfigurationLoader.load(file.path()));
        List<Finding> errors = result instanceof ConfigurationErrors(List<Finding> found) ? found : List.of();
        List<Finding> notices = result instanceof Configuration configuration ? configuration.notices() : List.of();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonWriter writer = new JsonWriter(1024).beginObject().name("valid").bool(errors.isEmpty());
            ConfigurationFile.write(writer, "errors", errors);
            ConfigurationFile.write(writer, "notices", notices);
            out.println(writer.endObject());
        } else {
            ConfigurationFile.print(spec.commandLine().getErr(), "", errors);
            ConfigurationFile.print(out, "notice: ", notices);
            if (result instanceof Configuration configuration) {
                out.println("%s is valid: %s, %s".formatted(
                        file.path(), count(configuration.models().size(), "model"),
                        count(configuration.callers().size(), "caller")));
            }
        }
        return errors.isEmpty() ? Main.SUCCESS : Main.BAD_USAGE;
    }

    /** The result, or what is wrong with the certificates and keys that it names. */
    private LoadResult withCertificates(LoadResult result) {
        if (!(result instanceof Configuration configuration)) {
            return result;
        }
        List<Finding> unusable = new ArrayList<>();
        if (!configuration.certificates().isEmpty()) {
            try {
                ServerTls.load(configuration.certificates()).close();
            } catch (IOException failure) {
                unusable.add(new Finding(FindingCode.INVALID, "tls", file.path().toString(), Position.START,
                        "tls: " + failure.getMessage(), ""));
            }
        }
        configuration.models().forEach((name, model) -> {
            TlsSpec tls = model.tls();
            if (!tls.equals(TlsSpec.DEFAULTS)) {
                try {
                    ClientTls.load(tls.trust(), tls.certificate(), tls.key()).release();
                } catch (IllegalArgumentException failure) {
                    unusable.add(new Finding(FindingCode.INVALID, "models." + name + ".tls", file.path().toString(),
                            Position.START,
                            "models." + name + ".tls: " + failure.getMessage(), ""));
                }
            }
        });
        return unusable.isEmpty() ? result : new ConfigurationErrors(unusable);
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
