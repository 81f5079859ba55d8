package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

/**
 * How values of one kind are written.
 *
 * @param name   what such a value is called, with its article and an example: a message and the reference can be made of it
 * @param schema what such a value looks like, for editors
 */
record Notation<T>(String name, ValueSchema schema, Parser<T> parser) {
    Notation {
        requireNonNull(name, "name is null");
        requireNonNull(schema, "schema is null");
        requireNonNull(parser, "parser is null");
    }

    /** A notation that only its reader can judge. */
    Notation(String name, Parser<T> parser) {
        this(name, ValueSchema.anything(), parser);
    }

    /** Reads a value, or throws with what is wrong with it. */
    interface Parser<T> {
        T parse(String text) throws Malformed;
    }

    T parse(String text) throws Malformed {
        return parser.parse(text);
    }

    /** A text that breaks a notation. Its message says how and what to write instead, and never holds a secret. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }
}
