package dev.sallyport.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is found while one file is read. Keeps each once, and at most {@value #MAX} errors and as many notices. */
final class Problems {
    static final int MAX = 100;

    private final String file;
    private final List<Finding> errors = new ArrayList<>();
    private final List<Finding> notices = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void error(Position position, String message) {
        add(errors, position, message);
    }

    /** Something that is allowed and yet probably not meant. */
    void notice(Position position, String message) {
        add(notices, position, message);
    }

    private void add(List<Finding> findings, Position position, String message) {
        Finding finding = new Finding(file, position, message);
        if (findings.size() < MAX && !findings.contains(finding)) {
            findings.add(finding);
        }
    }

    boolean any() {
        return !errors.isEmpty();
    }

    List<Finding> errors() {
        return inOrder(errors);
    }

    List<Finding> notices() {
        return inOrder(notices);
    }

    private static List<Finding> inOrder(List<Finding> findings) {
        return findings.stream().sorted(Comparator.comparing(Finding::position)).toList();
    }
}
