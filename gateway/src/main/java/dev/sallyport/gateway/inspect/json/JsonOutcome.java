package dev.sallyport.gateway.inspect.json;

/** What looking at a JSON text found. */
public sealed interface JsonOutcome permits JsonOutcome.Sound, JsonDefect {
    /** A sound text that asks for one instance. */
    Sound ONE = new Sound(1);

    /**
     * Nothing is wrong with the text.
     *
     * @param instances what the text asks for, at least 1
     */
    record Sound(long instances) implements JsonOutcome {
        public Sound {
            if (instances < 1) {
                throw new IllegalArgumentException("instances is below 1");
            }
        }
    }
}
