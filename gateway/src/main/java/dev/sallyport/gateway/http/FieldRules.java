package dev.sallyport.gateway.http;

/** What may travel from one side to the other, for both versions of HTTP. Names are in lower case. */
final class FieldRules {
    private FieldRules() {}

    /**
     * Whether an unknown field of a request may go on. One whose name has an underscore may not: to a CGI or WSGI program
     * {@code x_forwarded_for} and {@code x-forwarded-for} are the same variable, so it could speak in our name.
     */
    static boolean travels(String name, boolean trailer) {
        return name.indexOf('_') < 0 && !(trailer && reserved(name));
    }

    /** Whether {@code name} may stand in a trailer section: it is unknown, or its definition says so (RFC 9110 section 6.5.1). */
    static boolean travelsInTrailers(String name) {
        FieldName known = FieldName.find(name);
        return known != null ? known.trailer() : travels(name, true);
    }

    /** Whether we, or what stands in front of us, speak with fields of this name. */
    private static boolean reserved(String name) {
        return name.startsWith("x-forwarded-") || name.startsWith("sallyport-");
    }

    /** Refuses a {@code Connection} option that would take away a field meant for all recipients (RFC 9110 section 7.6.1). */
    static void requireNominable(String name) throws ProtocolViolation {
        if (!Characters.isToken(name)) {
            throw ProtocolViolation.malformed("The field `connection` holds something that is no token.");
        }
        FieldName known = FieldName.find(name);
        if (known == null ? reserved(name) : !nominable(known)) {
            throw ProtocolViolation
                    .malformed("The field `connection` nominates a field that is meant for all recipients.");
        }
    }

    private static boolean nominable(FieldName name) {
        return switch (name.role()) {
            case HOP_BY_HOP, UPGRADE, TE, EXPECT -> true;
            case END_TO_END, HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION -> false;
        };
    }
}
