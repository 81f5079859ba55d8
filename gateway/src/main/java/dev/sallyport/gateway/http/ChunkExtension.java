package dev.sallyport.gateway.http;

/**
 * Checks the extensions of one chunk character by character (RFC 9112 section 7.1.1): {@code ;name}, {@code ;name=token} or
 * {@code ;name="quoted"}, without white space between.
 */
final class ChunkExtension {
    private enum State {
        NAME_FIRST, NAME, VALUE_FIRST, VALUE, QUOTED, ESCAPED, QUOTED_END
    }

    private State state = State.NAME_FIRST;

    /** The semicolon before the first name has been read. */
    void begin() {
        state = State.NAME_FIRST;
    }

    /** Whether what has been read is whole. */
    boolean mayEnd() {
        return state == State.NAME || state == State.VALUE || state == State.QUOTED_END;
    }

    void take(byte c) throws ProtocolViolation {
        state = switch (state) {
            case NAME_FIRST -> token(c, State.NAME);
            case NAME -> c == '=' ? State.VALUE_FIRST : c == ';' ? State.NAME_FIRST : token(c, State.NAME);
            case VALUE_FIRST -> c == '"' ? State.QUOTED : token(c, State.VALUE);
            case VALUE -> c == ';' ? State.NAME_FIRST : token(c, State.VALUE);
            case QUOTED -> c == '"' ? State.QUOTED_END : c == '\\' ? State.ESCAPED : quoted(c);
            case ESCAPED -> quoted(c);
            case QUOTED_END -> {
                if (c != ';') {
                    throw malformed();
                }
                yield State.NAME_FIRST;
            }
        };
    }

    private static State token(byte c, State next) throws ProtocolViolation {
        if (!Characters.isToken(c)) {
            throw malformed();
        }
        return next;
    }

    private static State quoted(byte c) throws ProtocolViolation {
        if (!Characters.isFieldValue(c)) {
            throw malformed();
        }
        return State.QUOTED;
    }

    private static ProtocolViolation malformed() {
        return ProtocolViolation.malformed("A chunk extension is malformed.");
    }
}
