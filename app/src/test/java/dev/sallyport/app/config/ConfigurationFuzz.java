package dev.sallyport.app.config;

import java.nio.file.Path;

/** Reads any bytes as a configuration: either it is one, or at least one finding says where it is not. */
public final class ConfigurationFuzz {
    private static final Path FILE = Path.of("/nowhere/sallyport.yaml");

    private ConfigurationFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        switch (ConfigurationLoader.parse(FILE, input)) {
            case Configuration configuration -> {
                if (configuration.listeners().isEmpty()) {
                    throw new AssertionError("a configuration without a listener");
                }
            }
            case ConfigurationErrors errors -> {
                if (errors.errors().isEmpty()) {
                    throw new AssertionError("refused without a reason");
                }
                for (Finding finding : errors.errors()) {
                    if (finding.position().line() < 1 || finding.message().isBlank()) {
                        throw new AssertionError("nowhere: " + finding);
                    }
                }
            }
        }
    }
}
