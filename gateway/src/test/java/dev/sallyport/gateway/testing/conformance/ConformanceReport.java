package dev.sallyport.gateway.testing.conformance;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Counts the cases of a suite by category, and writes the counts to a file. */
public final class ConformanceReport {
    private final String title;
    private final Map<String, int[]> counts = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();
    private final Map<String, String> declared = new TreeMap<>();

    public ConformanceReport(String title) {
        this.title = requireNonNull(title, "title is null");
    }

    /** @param problem what is wrong; empty when the case passed */
    public synchronized void count(String category, String name, String problem) {
        int[] count = counts.computeIfAbsent(category, _ -> new int[2]);
        count[1]++;
        if (problem.isEmpty()) {
            count[0]++;
        } else {
            failures.put(name, problem);
        }
    }

    /** Counts a case from which we differ on purpose: it is no pass, and no failure. */
    public synchronized void declare(String category, String name, String reason) {
        counts.computeIfAbsent(category, _ -> new int[2])[1]++;
        declared.put(name, reason);
    }

    /** Writes {@code passed/total} per category, then the failures and what differs on purpose. */
    public synchronized void write(Path file) {
        StringBuilder text = new StringBuilder(title).append('\n');
        int passed = 0;
        int total = 0;
        for (Map.Entry<String, int[]> entry : counts.entrySet()) {
            passed += entry.getValue()[0];
            total += entry.getValue()[1];
            text.append(String.format("%-20s %4d / %4d%n", entry.getKey(), entry.getValue()[0], entry.getValue()[1]));
        }
        text.append(String.format("%-20s %4d / %4d%n", "all", passed, total));
        failures.forEach(
                (name, problem) -> text.append("failed: ").append(name).append(": ").append(problem).append('\n'));
        declared.forEach((name, reason) -> text.append("differs on purpose: ").append(name).append(": ").append(reason)
                .append('\n'));
        try {
            Files.createDirectories(requireNonNull(file.toAbsolutePath().getParent(), "file has no directory"));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
