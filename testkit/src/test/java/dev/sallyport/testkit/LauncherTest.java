package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a small source tree, with a JDK and a Maven that only write down how they were called. */
final class LauncherTest {
    private static final String JAVA = """
            #!/bin/bash
            for argument in "$@"; do
                if [[ $argument == -XX:AOTCacheOutput=* ]]; then
                    [[ ! -e $(dirname "$0")/no-cache ]] || exit 1
                    echo cache >"${argument#*=}"
                    exit 0
                fi
            done
            echo "$@" >>"$(dirname "$0")/calls"
            echo "started by $(dirname "$(dirname "$0")")"
            if [[ ${!#} == wait ]]; then
                trap 'echo ended; exit 143' TERM
                echo waiting
                while :; do read -r -t 0.1 <> <(:) || :; done
            fi
            [[ ${!#} != fail ]] || exit 7
            """;
    private static final String MAVEN = """
            #!/bin/bash
            echo "$@" >>"$(dirname "$0")/builds"
            [[ ! -e $(dirname "$0")/broken ]] || { echo "[ERROR] Gate.java:[3,1] a gate is missing"; exit 1; }
            tree=$(dirname "$(dirname "$0")")
            mkdir -p "$tree/app/target/fast" && echo jar >"$tree/app/target/fast/sallyport.jar"
            """;

    @TempDir
    private Path tree;

    @BeforeEach
    void plantTheTree() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash is not installed");
        Files.copy(Path.of("..", "sallyport"), tree.resolve("sallyport"));
        for (String module : List.of("gateway", "app")) {
            write(module + "/pom.xml", "");
            write(module + "/src/main/java/Gate.java", "");
        }
        write("pom.xml", "");
        writeProgram("tools/mvn", MAVEN);
        plantJava("jdk", "25.0.3");
    }

    @Test
    void runsTheProductWithTheArgumentsItWasGiven() throws Exception {
        Result result = launch("jdk", "keys", "new", "two words");

        assertThat(result.status()).isZero();
        assertThat(lastCall("jdk"))
                .endsWith("-jar " + tree.resolve("app/target/launcher/sallyport.jar") + " keys new two words");
    }

    @Test
    void printsNothingButWhatTheProductPrints() throws Exception {
        launch("jdk", "version");

        Result second = launch("jdk", "version");

        assertThat(second.output()).isEqualTo("started by " + tree.resolve("jdk") + "\n");
        assertThat(second.errors()).isEmpty();
    }

    @Test
    void endsAsTheProductEnded() throws Exception {
        assertThat(launch("jdk", "fail").status()).isEqualTo(7);
    }

    @Test
    void buildsOnceUntilASourceChanges() throws Exception {
        launch("jdk", "version");
        launch("jdk", "version");
        assertThat(builds()).hasSize(1);

        Files.setLastModifiedTime(tree.resolve("gateway/src/main/java/Gate.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        launch("jdk", "version");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void namesTheLogOfABuildThatFailed() throws Exception {
        write("tools/broken", "");

        Result result = launch("jdk", "version");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors())
                .contains("a gate is missing")
                .contains(tree.resolve("app/target/launcher/build.log").toString());
    }

    @Test
    void passesOverAJavaThatIsTooOld() throws Exception {
        plantJava("old", "17.0.15");

        assertThat(launch("old", "version").output()).startsWith("started by " + tree.resolve("jdk"));
    }

    @Test
    void takesANewerJava() throws Exception {
        plantJava("newer", "26-ea");

        assertThat(launch("newer", "version").output()).startsWith("started by " + tree.resolve("newer"));
    }

    @Test
    void startsFromACacheMadeWithTheSameOptions() throws Exception {
        launch("jdk", "version");

        assertThat(lastCall("jdk")).contains("-XX:AOTCache=" + tree.resolve("app/target/launcher/sallyport-"));
    }

    @Test
    void doesNotUseTheCacheOfAnotherJdk() throws Exception {
        launch("jdk", "version");
        plantJava("newer", "26.0.1");

        launch("newer", "version");

        assertThat(cacheIn(lastCall("newer"))).isNotEqualTo(cacheIn(lastCall("jdk")));
    }

    @Test
    void startsWithoutACacheWhenNoneCanBeMade() throws Exception {
        write("jdk/bin/no-cache", "");

        launch("jdk", "version");
        Result second = launch("jdk", "version");

        assertThat(second.output()).isEqualTo("started by " + tree.resolve("jdk") + "\n");
        assertThat(second.errors()).isEmpty();
        assertThat(lastCall("jdk")).doesNotContain("AOTCache");
    }

    @Test
    void letsTheUsersOptionsWin() throws Exception {
        launch("jdk", "version");
        ProcessBuilder builder = builder("jdk", "version");
        builder.environment().put("SALLYPORT_JAVA_OPTS", "-Xmx1g -XX:+UseZGC");

        finish(builder.start());

        assertThat(lastCall("jdk")).doesNotContain("-XX:+UseSerialGC").containsSubsequence("-Xms", "-Xmx1g",
                "-XX:+UseZGC", "-jar");
    }

    @Test
    void passesASignalOn() throws Exception {
        launch("jdk", "version");
        Process process = builder("jdk", "wait").start();
        BufferedReader output = process.inputReader();
        assertThat(output.readLine()).startsWith("started by");
        assertThat(output.readLine()).isEqualTo("waiting");

        process.toHandle().destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(output.lines()).containsExactly("ended");
    }

    private record Result(int status, String output, String errors) {}

    private Result launch(String javaHome, String... arguments) throws Exception {
        return finish(builder(javaHome, arguments).start());
    }

    private ProcessBuilder builder(String javaHome, String... arguments) {
        List<String> command = new ArrayList<>(List.of(tree.resolve("sallyport").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("HOME", tree.toString());
        builder.environment().put("JAVA_HOME", tree.resolve(javaHome).toString());
        builder.environment().put("PATH", tree.resolve("tools") + ":" + tree.resolve("jdk/bin") + ":/usr/bin:/bin");
        return builder;
    }

    private static Result finish(Process process) throws Exception {
        process.getOutputStream().close();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output, errors);
    }

    private String lastCall(String javaHome) throws IOException {
        return Files.readAllLines(tree.resolve(javaHome).resolve("bin/calls")).getLast();
    }

    private static String cacheIn(String call) {
        return Stream.of(call.split(" ")).filter(option -> option.startsWith("-XX:AOTCache=")).findFirst()
                .orElseThrow();
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(tree.resolve("tools/builds"));
    }

    private void plantJava(String home, String version) throws IOException {
        writeProgram(home + "/bin/java", JAVA);
        write(home + "/release", "JAVA_VERSION=\"" + version + "\"\n");
        Files.createDirectories(tree.resolve(home).resolve("lib"));
    }

    private void writeProgram(String name, String text) throws IOException {
        Files.setPosixFilePermissions(write(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }
}
