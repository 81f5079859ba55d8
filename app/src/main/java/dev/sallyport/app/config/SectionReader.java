package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.app.config.Section.Item;
import dev.sallyport.app.config.Section.LaterKey;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.app.config.Section.TextsKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one section. What is wrong becomes a problem, and the key then counts as absent, so that one pass
 * finds everything.
 */
final class SectionReader {
    /** A value with its place. */
    record Located<T>(T value, Position position) {}

    private final Section section;
    private final String path;
    private final Position position;
    private final boolean broken;
    private final Problems problems;
    private final Map<String, YamlNode.Entry> entries = new HashMap<>();

    private SectionReader(Section section, YamlNode.Mapping mapping, String path, Position position, boolean broken,
            Problems problems) {
        this.section = section;
        this.path = path;
        this.position = position;
        this.broken = broken;
        this.problems = problems;
        mapping.entries().forEach(this::accept);
    }

    /** Reads {@code node}, which counts as empty, and is a problem, when it is no map. */
    static SectionReader of(Section section, YamlNode node, String path, Position position, Problems problems) {
        return of(section, node, path, position, problems, "");
    }

    /** @param otherwise what may stand there instead of a map, for a message; empty: nothing */
    private static SectionReader of(Section section, YamlNode node, String path, Position position, Problems problems,
            String otherwise) {
        if (node instanceof YamlNode.Mapping mapping) {
            return new SectionReader(section, mapping, path, position, false, problems);
        }
        String keys = "; a map is needed here, with keys such as `" + section.names().getFirst() + ":`" + otherwise;
        problems.error(FindingCode.VALUE, node.position(),
                (path.isEmpty() ? "the file" : path) + " is " + node.form() + keys);
        return new SectionReader(section, new YamlNode.Mapping(List.of(), node.position()), path, position, true,
                problems);
    }

    private void accept(YamlNode.Entry entry) {
        YamlNode.Entry earlier = entries.get(entry.key());
        if (earlier != null) {
            problems.error(FindingCode.DUPLICATE, entry.position(),
                    "the key " + Shown.quoted(entry.key()) + place() + " is there twice, first in line "
                            + earlier.position().line() + "; keep one of them");
            return;
        }
        Item item = section.find(entry.key()).orElse(null);
        switch (item) {
            case null -> problems.error(FindingCode.UNKNOWN_KEY, entry.position(),
                    "unknown key " + Shown.quoted(entry.key()) + place() + advice(entry.key()));
            case LaterKey later ->
                    problems.error(FindingCode.UNSUPPORTED_KEY, entry.position(), "`" + later.name() + "`" + place()
                            + " is not supported by this version; remove it (" + later.meaning() + ")");
            case Key<?> _,SectionKey _,TextsKey _ -> entries.put(entry.key(), entry);
        }
    }

    private String place() {
        return path.isEmpty() ? "" : " in " + path;
    }

    private String advice(String unknown) {
        List<String> places = RootKeys.SECTION.placesOf(unknown);
        if (!places.isEmpty()) {
            return "; it belongs into " + String.join(" or ", places);
        }
        String hint = Nearest.hint(unknown, section.names());
        return hint.isEmpty() ? "; known here: " + String.join(", ", section.names()) : hint;
    }

    String path() {
        return path;
    }

    /** Where the section's own name stands. */
    Position position() {
        return position;
    }

    /** Whether something else than a map stood here, which has been said. */
    boolean broken() {
        return broken;
    }

    /** Whether the key is there with a list of nothing. */
    boolean emptyList(Item item) {
        YamlNode.Entry entry = entries.get(item.name());
        return entry != null && entry.value() instanceof YamlNode.Sequence(List<YamlNode> items, _) && items.isEmpty();
    }

    boolean has(Item item) {
        return entries.containsKey(item.name());
    }

    /** Where the key stands, or the section when it is absent. */
    Position position(Item item) {
        YamlNode.Entry entry = entries.get(item.name());
        return entry == null ? position : entry.position();
    }

    /** Reports something about a key, or about the section when the key is absent. */
    void error(Item item, String message) {
        problems.error(position(item), at(item) + ": " + message);
    }

    void error(Position where, String message) {
        problems.error(where, message);
    }

    void error(FindingCode code, Position where, String message) {
        problems.error(code, where, message);
    }

    void notice(Item item, String message) {
        notice(FindingCode.NOTE, item, message);
    }

    void notice(FindingCode code, Item item, String message) {
        problems.notice(code, position(item), at(item) + ": " + message);
    }

    private String at(Item item) {
        return !has(item) ? path : below(item.name());
    }

    private String below(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value of a key that has a default. */
    <T> T value(Key<T> key) {
        T given = optional(key);
        return given == null ? key.fallbackValue() : given;
    }

    /** The value as written; null when the key is absent or its value malformed. */
    <T> @Nullable T optional(Key<T> key) {
        YamlNode.Entry entry = entries.get(key.name());
        Located<T> located = entry == null ? null : scalar(key, entry.value(), below(key.name()));
        return located == null ? null : located.value();
    }

    /** The one or several values; none when the key is absent. */
    <T> List<T> values(Key<T> key) {
        return located(key).stream().map(Located::value).toList();
    }

    <T> List<Located<T>> located(Key<T> key) {
        YamlNode.Entry entry = entries.get(key.name());
        if (entry == null) {
            return List.of();
        }
        List<YamlNode> nodes = key.several() && entry.value() instanceof YamlNode.Sequence sequence ? sequence.items()
                : List.of(entry.value());
        List<Located<T>> values = new ArrayList<>(nodes.size());
        for (YamlNode node : nodes) {
            Located<T> value = scalar(key, node, below(key.name()));
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private <T> @Nullable Located<T> scalar(Key<T> key, YamlNode node, String where) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isEmpty()) {
            problems.error(FindingCode.VALUE, node.position(),
                    where + " is " + node.form() + "; write " + key.notation().name()
                            + (key.several() ? ", or a list of such" : ""));
            return null;
        }
        try {
            return new Located<>(key.notation().parse(scalar.text()), scalar.position());
        } catch (Malformed malformed) {
            problems.error(FindingCode.VALUE, scalar.position(), where + ": " + malformed.getMessage());
            return null;
        }
    }

    /** The section under {@code key}; null when it is absent. */
    @Nullable
    SectionReader section(SectionKey key) {
        YamlNode.Entry entry = entries.get(key.name());
        return entry == null ? null : below(key, entry.value(), below(key.name()), entry.position());
    }

    /** The one or several sections under {@code key}; none when it is absent. */
    List<SectionReader> sections(SectionKey key) {
        YamlNode.Entry entry = entries.get(key.name());
        if (entry == null) {
            return List.of();
        }
        if (!(entry.value() instanceof YamlNode.Sequence(List<YamlNode> items, _))) {
            return List.of(below(key, entry.value(), below(key.name()), entry.position()));
        }
        List<SectionReader> sections = new ArrayList<>();
        for (YamlNode item : items) {
            sections.add(below(key, item, below(key.name()) + "[" + sections.size() + "]", item.position()));
        }
        return sections;
    }

    private SectionReader below(SectionKey key, YamlNode node, String where, Position at) {
        Key<?> shorthand = shorthand(key.shape());
        if (shorthand != null && node instanceof YamlNode.Scalar scalar && !scalar.isEmpty()) {
            YamlNode.Entry entry = new YamlNode.Entry(shorthand.name(), node.position(), node);
            YamlNode spelled = new YamlNode.Mapping(List.of(entry), node.position());
            return of(key.section(), spelled, where, at, problems);
        }
        return of(key.section(), node, where, at, problems,
                shorthand == null ? "" : ", or " + shorthand.notation().name());
    }

    /** The key that a single value in the place of a map belongs to; null when none may stand there. */
    private static @Nullable Key<?> shorthand(Shape shape) {
        return switch (shape) {
            case Shape.Shorthand(Key<?> key) -> key;
            case Shape.OneOrValue(Key<?> key) -> key;
            case Shape.One _,Shape.Several _,Shape.Named _ -> null;
        };
    }

    /** The sections under {@code key} by the names that the user chose, in the file's order. */
    Map<String, SectionReader> named(SectionKey key) {
        Map<String, SectionReader> sections = new LinkedHashMap<>();
        each(key, sections::put);
        return Collections.unmodifiableMap(sections);
    }

    /** Likewise, but one after the other, so that many sections are not kept at once. */
    void each(SectionKey key, BiConsumer<String, SectionReader> reader) {
        String where = below(key.name());
        Map<String, Position> seen = new HashMap<>();
        for (YamlNode.Entry named : named(entries.get(key.name()), "NAME")) {
            String fault = Names.fault(named.key());
            Position earlier = seen.putIfAbsent(named.key(), named.position());
            if (!fault.isEmpty()) {
                problems.error(FindingCode.VALUE, named.position(), where + ": " + fault);
            } else if (earlier != null) {
                problems.error(FindingCode.DUPLICATE, named.position(),
                        "the name " + Shown.quoted(named.key()) + " in " + where
                                + " is there twice, first in line " + earlier.line() + "; keep one of them");
            } else {
                reader.accept(named.key(),
                        of(key.section(), named.value(), where + "." + named.key(), named.position(), problems));
            }
        }
    }

    /** The free texts under {@code key} by their names. */
    Map<String, String> texts(TextsKey key) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (YamlNode.Entry named : named(entries.get(key.name()), "name")) {
            Located<String> text = scalar(Key.optional(named.key(), Words.LABEL, ""), named.value(),
                    below(key.name()) + "." + Shown.plainly(named.key()));
            String fault = Names.fault(named.key());
            if (!fault.isEmpty()) {
                problems.error(FindingCode.VALUE, named.position(), below(key.name()) + ": " + fault);
            } else if (text != null && texts.putIfAbsent(named.key(), text.value()) != null) {
                problems.error(FindingCode.DUPLICATE, named.position(),
                        "the name " + Shown.quoted(named.key()) + " in " + below(key.name())
                                + " is there twice; keep one of them");
            }
        }
        return Collections.unmodifiableMap(texts);
    }

    private List<YamlNode.Entry> named(YamlNode.@Nullable Entry entry, String placeholder) {
        if (entry == null) {
            return List.of();
        }
        if (entry.value() instanceof YamlNode.Mapping mapping) {
            return mapping.entries();
        }
        problems.error(FindingCode.VALUE, entry.value().position(),
                below(entry.key()) + " is " + entry.value().form() + "; write a map such as `" + placeholder + ": …`");
        return List.of();
    }
}
