package dev.sallyport.app.check;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.app.config.Position;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what is found: of each code at most {@value #MAX}, and how many more there are. */
final class Findings {
    static final int MAX = 100;

    private final String file;
    private final List<Finding> kept = new ArrayList<>();
    private final Map<FindingCode, Integer> counts = new EnumMap<>(FindingCode.class);

    Findings(String file) {
        this.file = requireNonNull(file, "file is null");
    }

    /**
     * Adds one.
     *
     * @param message what has been found; the path is put before it
     * @param remedy  what to do about it, without full stop
     */
    void add(FindingCode code, Place place, String message, String remedy) {
        if (counts.merge(code, 1, Integer::sum) <= MAX) {
            String whole = place.path().isEmpty() ? message : place.path() + ": " + message;
            kept.add(new Finding(code, place.path(), file, place.position(), whole, remedy));
        }
    }

    /** In the order in which they were found. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>(kept);
        counts.forEach((code, count) -> {
            if (count > MAX) {
                all.add(new Finding(code, "", file, Position.START,
                        "%d more of these: %s".formatted(count - MAX, code.meaning()), ""));
            }
        });
        return all;
    }
}
