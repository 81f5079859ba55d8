package dev.sallyport.gateway.inspect.image;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside Pillow, with which most models decode: needs a {@code python3} in {@code PATH} that has it. */
final class PillowTest {
    private static final int ROUNDS = 2_000;
    private static final int SECONDS_MAX = 120;
    private static final PictureLimits MANY = new PictureLimits(1_000_000_000, 1_000);

    @BeforeAll
    static void findsPillow() throws Exception {
        assumeTrue(runs("-c", "import PIL"), "Pillow is not installed");
    }

    @Test
    void seesTheSameSizesInHonestPictures(@TempDir Path directory) throws Exception {
        for (String name : Fixtures.names()) {
            Files.write(directory.resolve(name), Fixtures.bytes(name));
        }

        Map<String, long[]> sizes = sizes(directory);

        assertThat(sizes).hasSameSizeAs(Fixtures.names());
        sizes.forEach((name, size) -> assertThat(size).as(name)
                .containsExactly(Fixtures.width(name), Fixtures.height(name), Fixtures.frames(name)));
    }

    /** A picture that looks small here and large there would pass every limit. */
    @Test
    void neverSeesASmallerPictureThanPillowDecodes(@TempDir Path directory) throws Exception {
        List<String> names = Fixtures.names();
        Map<String, Picture> pictures = new HashMap<>();
        for (int seed = 0; seed < ROUNDS; seed++) {
            String name = names.get(seed % names.size());
            byte[] mutated = Chunks.checked(Mutation.of(Fixtures.bytes(name), new Random(seed)));
            if (Fixtures.read(mutated, MANY) instanceof Picture picture) {
                Files.write(directory.resolve(seed + "-" + name), mutated);
                pictures.put(seed + "-" + name, picture);
            }
        }

        Map<String, long[]> sizes = sizes(directory);

        assertThat(sizes).hasSizeGreaterThan(100);
        sizes.forEach((name, size) -> {
            Picture picture = requireNonNull(pictures.get(name));
            assertThat(picture.pixels()).as("%s: %s, Pillow: %s", name, picture, size)
                    .isGreaterThanOrEqualTo(size[0] * size[1]);
            assertThat(picture.frames()).as("%s: %s, Pillow: %s", name, picture, size)
                    .isGreaterThanOrEqualTo((int) size[2]);
        });
    }

    private static Map<String, long[]> sizes(Path directory) throws Exception {
        Path script = Path.of("src/test/resources/inspect/image/sizes.py").toAbsolutePath();
        Path result = Files.createTempFile("sizes", ".txt");
        try {
            Process process = python(result, script.toString(), directory.toString());
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            Map<String, long[]> sizes = new HashMap<>();
            for (String line : Files.readAllLines(result)) {
                String[] words = line.split(" ");
                sizes.put(words[0],
                        new long[]{Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])});
            }
            return sizes;
        } finally {
            Files.delete(result);
        }
    }

    private static boolean runs(String... arguments) throws InterruptedException {
        try {
            Process process = python(null, arguments);
            return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static Process python(@Nullable Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(output == null ? Redirect.DISCARD : Redirect.to(output.toFile()))
                .redirectError(Redirect.DISCARD)
                .start();
    }
}
