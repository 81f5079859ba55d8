package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import dev.sallyport.gateway.policy.Operation;
import java.util.Locale;

/** The notations of what may be asked of a model, and of the field that carries its credential. */
final class Operations {
    private static final String SEGMENT = "(\\*|[A-Za-z0-9._~!$&'()+,;=:@%-]*)";
    private static final String PATTERN = "(\\*|[A-Z]{1,20}) (/" + SEGMENT + ")*(/\\*\\*)?";
    private static final String FIELD_PATTERN = "[A-Za-z][A-Za-z0-9-]{0,63}";

    static final Notation<Operation> OPERATION = new Notation<>(
            "an operation such as `POST /predict`, `GET /v1/datasets/*` or `* /public/**`",
            ValueSchema.matching(PATTERN), Operations::operation);

    /** Lower case. */
    static final Notation<String> FIELD = new Notation<>("the name of a request field such as `x-api-key`",
            ValueSchema.wordMatching(FIELD_PATTERN), Operations::field);

    private Operations() {}

    private static Operation operation(String text) throws Malformed {
        if (!text.matches(PATTERN) || !text.contains("/")) {
            throw new Malformed(Shown.quoted(text)
                    + " is not a method in capitals and an absolute path; write for example `POST /predict`");
        }
        int space = text.indexOf(' ');
        return Operation.of(text.substring(0, space), text.substring(space + 1));
    }

    private static String field(String text) throws Malformed {
        String name = text.toLowerCase(Locale.ROOT);
        if (!text.matches(FIELD_PATTERN) || name.startsWith("sallyport-") || name.equals("host")) {
            throw new Malformed(Shown.quoted(text)
                    + " is not a request field that can carry a credential; write for example `x-api-key`");
        }
        return name;
    }
}
