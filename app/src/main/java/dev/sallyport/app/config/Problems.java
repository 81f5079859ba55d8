package dev.sallyport.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is found while one file is read. Keeps each once, and at most {@value #MAX} errors and as many notices. */
final class Problems {
    static final int MAX = 100;

    private final String file;
    private Places places = new Places(null);
    private final List<Finding> errors = new ArrayList<>();
    private final List<Finding> notices = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** Where the keys of the file stand, so that findings can name them. */
    void locate(Places found) {
        places = found;
    }

    Places places() {
        return places;
    }

    void error(Position position, String text) {
        error(FindingCode.INVALID, position, text);
    }

    /** @param text what is wrong, and behind a semicolon what to do about it */
    void error(FindingCode code, Position position, String text) {
        add(errors, code, position, text);
    }

    void notice(Position position, String text) {
        notice(FindingCode.NOTE, position, text);
    }

    /** Something that is allowed and yet probably not meant. */
    void notice(FindingCode code, Position position, String text) {
        add(notices, code, position, text);
    }

    private void add(List<Finding> findings, FindingCode code, Position position, String text) {
        if (findings.size() >= MAX) {
            return;
        }
        Finding finding = Finding.of(code, places.pathAt(position), file, position, text);
        if (!findings.contains(finding)) {
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
