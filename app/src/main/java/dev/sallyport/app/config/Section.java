package dev.sallyport.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A map of the configuration with the keys that it may hold: the one place from which reader, hints and reference know them.
 *
 * @param place how a reader finds it, such as {@code models.NAME.timeouts}; empty for the whole file
 * @param rules what must hold between the keys, for editors; the readers hold it by themselves
 */
record Section(String place, List<Item> items, List<Rule> rules) {
    Section {
        items = List.copyOf(items);
        rules = List.copyOf(rules);
    }

    Section(String place, List<Item> items) {
        this(place, items, List.of());
    }

    static Section of(String place, Item... items) {
        return new Section(place, List.of(items));
    }

    /** The section with one rule more. */
    Section with(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new Section(place, items, more);
    }

    /** What must hold between the keys of a section. */
    sealed interface Rule {
        /** The key must be there. */
        record Required(Item key) implements Rule {}

        /** Exactly one of the keys is there; one that is {@code true} or {@code false} counts when it is {@code true}. */
        record ExactlyOne(List<Item> keys) implements Rule {
            ExactlyOne(Item... keys) {
                this(List.of(keys));
            }
        }

        /** Both keys are there, or none. */
        record Together(Item left, Item right) implements Rule {}
    }

    /** One key of a section. */
    sealed interface Item permits Key, SectionKey, TextsKey, LaterKey {
        String name();

        /** What it does, in a sentence for the reference. */
        String meaning();
    }

    /** A key whose value is a map of free names to free texts. */
    record TextsKey(String name, String meaning) implements Item {}

    /** A key of the design that this version does not know yet, so that it is refused as such and not as a slip of the pen. */
    record LaterKey(String name, String meaning) implements Item {}

    /**
     * A key whose value is a section of its own.
     *
     * @param section what the map, or each of them, may hold
     */
    record SectionKey(String name, Shape shape, Section section, String meaning) implements Item {}

    /** How often a section occurs under its key. */
    sealed interface Shape {
        /** One map. */
        record One() implements Shape {}

        /** One map or a list of them. */
        record Several() implements Shape {}

        /**
         * One or a list, where a single value stands for a map with nothing but that.
         *
         * @param shorthand the key that the single value belongs to
         */
        record Shorthand(Key<?> shorthand) implements Shape {}

        /**
         * One, which a single value may stand for.
         *
         * @param value the key that the single value belongs to
         */
        record OneOrValue(Key<?> value) implements Shape {}

        /** A map from names that the user chooses. */
        record Named() implements Shape {}
    }

    Optional<Item> find(String name) {
        return items.stream().filter(item -> item.name().equals(name)).findFirst();
    }

    /** The names that may be written, for hints. */
    List<String> names() {
        return items.stream().filter(item -> !(item instanceof LaterKey)).map(Item::name).toList();
    }

    /** Where below this section a key of that name may stand. */
    List<String> placesOf(String name) {
        List<String> places = new ArrayList<>();
        for (Item item : items) {
            if (item.name().equals(name) && !(item instanceof LaterKey) && !place.isEmpty()) {
                places.add(place);
            }
            if (item instanceof SectionKey(_, _, Section below, _)) {
                places.addAll(below.placesOf(name));
            }
        }
        return places;
    }
}
