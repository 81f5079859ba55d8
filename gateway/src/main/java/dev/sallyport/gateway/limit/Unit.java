package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

/** What an allowance counts. */
public sealed interface Unit {
    Unit CALLS = new Calls();
    Unit INSTANCES = new Instances();

    /** As it stands in names of accounts. */
    String text();

    /** Calls. */
    record Calls() implements Unit {
        @Override
        public String text() {
            return "calls";
        }
    }

    /** What calls carry: pictures, rows, prompts. */
    record Instances() implements Unit {
        @Override
        public String text() {
            return "instances";
        }
    }

    /**
     * Millionths of a currency's unit.
     *
     * @param code three capital letters
     */
    record Currency(String code) implements Unit {
        public Currency {
            requireNonNull(code, "code is null");
        }

        @Override
        public String text() {
            return code;
        }
    }
}
