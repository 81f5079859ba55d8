package dev.sallyport.app.config;

import java.util.List;

/** One node of a YAML document, with the place where it begins. */
sealed interface YamlNode {
    Position position();

    /** What to call it in a message. */
    String form();

    /** @param plain whether it stands without quotes */
    record Scalar(String text, boolean plain, Position position) implements YamlNode {
        boolean isEmpty() {
            return plain && (text.isEmpty() || text.equals("null") || text.equals("~"));
        }

        @Override
        public String form() {
            return isEmpty() ? "nothing" : "a single value";
        }
    }

    record Sequence(List<YamlNode> items, Position position) implements YamlNode {
        @Override
        public String form() {
            return "a list";
        }
    }

    record Mapping(List<Entry> entries, Position position) implements YamlNode {
        @Override
        public String form() {
            return "a map";
        }
    }

    record Entry(String key, Position position, YamlNode value) {}
}
