package dev.sallyport.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every text of the repository that shows a configuration: files of the examples, and the YAML in pages. */
final class ConfigurationTexts {
    private static final Pattern FENCED = Pattern.compile("(?m)^```yaml\\R(.*?)^```", Pattern.DOTALL);
    private static final Pattern TOP_LEVEL = Pattern.compile("(?m)^([a-z][a-z-]*):");
    private static final Pattern SHORTENED = Pattern.compile("sha256:[0-9a-f]*…");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_/.-]+\\.(pem|key|json|token)\\b");
    private static final Set<String> PRIVATE = Set.of("target", ".git", "node_modules");

    private ConfigurationTexts() {}

    /**
     * @param origin    the file, and for a page the line on which the text begins
     * @param directory of that file
     */
    record Shown(String origin, Path directory, String text) {
        @Override
        public String toString() {
            return origin;
        }

        /** The text with whole hashes in the place of shortened ones. */
        Shown complete() {
            Matcher matcher = SHORTENED.matcher(text);
            StringBuilder whole = new StringBuilder();
            int number = 0;
            while (matcher.find()) {
                matcher.appendReplacement(whole, "sha256:%064x".formatted(++number));
            }
            return new Shown(origin, directory, matcher.appendTail(whole).toString());
        }

        /** Reads the text as that of a file in {@code empty}, where the files are put that it names: those beside it, or made up. */
        LoadResult load(Path empty) throws IOException {
            Matcher named = FILE.matcher(text);
            while (named.find()) {
                String name = named.group().replaceFirst("^/+", "");
                Path file = empty.resolve(name);
                if (Files.notExists(file)) {
                    Files.createDirectories(file.getParent());
                    Path original = directory.resolve(name);
                    Files.writeString(file, Files.exists(original) ? Files.readString(original)
                            : name.endsWith(".json") ? "{}" : "secret");
                }
            }
            return ConfigurationLoader.parse(empty.resolve("sallyport.yaml"), text.getBytes(UTF_8));
        }
    }

    static List<Shown> all() throws IOException {
        Path root = requireNonNull(Path.of("").toAbsolutePath().getParent());
        List<Shown> shown = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return PRIVATE.contains(directory.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                String origin = root.relativize(file).toString();
                if (name.endsWith(".md")) {
                    addFenced(origin, requireNonNull(file.getParent()), Files.readString(file), shown);
                } else if ((name.endsWith(".yaml") || name.endsWith(".yml")) && !origin.contains("src/")) {
                    add(new Shown(origin, requireNonNull(file.getParent()), Files.readString(file)), shown);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return shown;
    }

    private static void addFenced(String origin, Path directory, String page, List<Shown> shown) {
        Matcher fenced = FENCED.matcher(page);
        while (fenced.find()) {
            long line = page.substring(0, fenced.start()).lines().count() + 1;
            add(new Shown(origin + ":" + line, directory, fenced.group(1)), shown);
        }
    }

    /** Other programs have YAML too: ours is what has a key of ours at its top. */
    private static void add(Shown candidate, List<Shown> shown) {
        Matcher keys = TOP_LEVEL.matcher(candidate.text());
        while (keys.find()) {
            if (RootKeys.SECTION.find(keys.group(1)).isPresent()) {
                shown.add(candidate.complete());
                return;
            }
        }
    }
}
