package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The product of this build under the command's name, for examples and guides: the real launcher would build it once more. */
final class ExampleLauncher {
    private ExampleLauncher() {}

    static Path write(Path folder) throws IOException {
        Path launcher = folder.resolve("sallyport");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(launcher, """
                #!/bin/bash
                exec '%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
                    -cp '%s' dev.sallyport.app.Main "$@"
                """.formatted(java, System.getProperty("java.class.path")));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return launcher;
    }
}
