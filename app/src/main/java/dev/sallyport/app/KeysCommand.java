package dev.sallyport.app;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationErrors;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.KeyConfiguration;
import dev.sallyport.app.config.Names;
import dev.sallyport.gateway.call.JsonWriter;
import dev.sallyport.gateway.identity.ApiKey;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes and lists the API keys of callers. */
@Command(
        name = "keys",
        description = "Make and list the API keys of callers.",
        footer = {"", "Example:", "  ./sallyport keys new mobile-app"},
        subcommands = {KeysCommand.New.class, KeysCommand.Holders.class})
final class KeysCommand implements Runnable {
    /** As many digits of a hash as tell keys apart. */
    private static final int SHOWN_DIGITS = 12;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say `keys new NAME` or `keys list`");
    }

    /** Makes a key, which is printed and then forgotten. */
    @Command(
            name = "new",
            description = "Make a key for a caller, and the line that makes it valid. The key is shown once.",
            footer = {"", "Example:", "  ./sallyport keys new mobile-app"})
    static final class New implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "The caller's name in the configuration.")
        private String name;

        @Option(names = "--json", description = "Print as JSON.")
        private boolean json;

        @Override
        public Integer call() {
            String fault = Names.fault(name);
            if (!fault.isEmpty()) {
                throw new ParameterException(spec.commandLine(), fault);
            }
            String key = ApiKey.make(new SecureRandom());
            String hash = "sha256:" + ApiKey.sha256(key);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new JsonWriter(256).beginObject().name("key").string(key).name("hash").string(hash)
                        .endObject());
            } else {
                out.println("The key of " + name + ", shown this once:");
                out.println("  " + key);
                out.println("The line for the configuration, below callers: " + name + ":");
                out.println("    key: " + hash);
            }
            return Main.SUCCESS;
        }
    }

    /** Lists who holds which keys, by the beginning of their hashes. */
    @Command(
            name = "list",
            description = "List the callers with the beginnings of their keys' hashes and when they expire. Shows no secret.",
            footer = {"", "Example:", "  ./sallyport keys list sallyport.yaml --json"})
    static final class Holders implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ConfigurationFile file;

        @Option(names = "--json", description = "Print as JSON.")
        private boolean json;

        @Override
        public Integer call() {
            return switch (ConfigurationLoader.load(file.path())) {
                case ConfigurationErrors(List<Finding> errors) -> {
                    ConfigurationFile.print(spec.commandLine().getErr(), "", errors);
                    yield Main.BAD_USAGE;
                }
                case Configuration configuration -> {
                    if (json) {
                        printJson(configuration.callers());
                    } else {
                        printTable(configuration.callers());
                    }
                    yield Main.SUCCESS;
                }
            };
        }

        private void printTable(Map<String, CallerConfiguration> callers) {
            PrintWriter out = spec.commandLine().getOut();
            int width = callers.keySet().stream().mapToInt(String::length).max().orElse(0);
            callers.forEach((name, caller) -> {
                String padded = name + " ".repeat(width - name.length()) + "  ";
                if (caller.anonymous()) {
                    out.println(padded + "no key: whoever calls without a credential");
                }
                caller.keys().forEach(key -> out.println(padded + prefix(key) + "…  " + expiry(key.expires())));
            });
        }

        private static String expiry(@Nullable Instant expires) {
            return expires == null ? "never expires" : (expired(expires) ? "expired " : "expires ") + expires;
        }

        private void printJson(Map<String, CallerConfiguration> callers) {
            JsonWriter writer = new JsonWriter(1024).beginObject().name("callers").beginArray();
            callers.forEach((name, caller) -> {
                writer.beginObject().name("name").string(name).name("anonymous").bool(caller.anonymous()).name("keys")
                        .beginArray();
                for (KeyConfiguration key : caller.keys()) {
                    Instant expires = key.expires();
                    writer.beginObject().name("hash").string(prefix(key));
                    writer.name("expires").value(expires == null ? null : expires.toString());
                    writer.name("expired").bool(expires != null && expired(expires)).endObject();
                }
                writer.endArray().endObject();
            });
            spec.commandLine().getOut().println(writer.endArray().endObject());
        }

        private static String prefix(KeyConfiguration key) {
            return "sha256:" + key.sha256().substring(0, SHOWN_DIGITS);
        }

        private static boolean expired(Instant expires) {
            return !Instant.now().isBefore(expires);
        }
    }
}
