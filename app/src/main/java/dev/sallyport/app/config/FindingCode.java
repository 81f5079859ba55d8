package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/** Everything that can be found in a configuration. The codes are stable: scripts may rely on them. */
public enum FindingCode {
    UNREADABLE(Severity.ERROR, "the file is not there, too large, or not UTF-8"),
    SYNTAX(Severity.ERROR, "the YAML is broken, or uses what is not allowed: anchors, tags, a second document"),
    UNKNOWN_KEY(Severity.ERROR, "a key that nothing reads"),
    UNSUPPORTED_KEY(Severity.ERROR, "a key that a later version will know"),
    DUPLICATE(Severity.ERROR, "a key or a name is there twice"),
    VALUE(Severity.ERROR, "a value is not written as its key wants it"),
    UNKNOWN_MODEL(Severity.ERROR, "a caller may call a model, or a version of it, that is not there"),
    FILE_MISSING(Severity.ERROR, "a file that is named is not there, or cannot be read"),
    INVALID(Severity.ERROR, "something is missing, or keys do not fit together"),
    CERTIFICATE_UNUSABLE(Severity.ERROR,
            "a certificate or key is damaged or encrypted, or the two do not belong together"),
    CERTIFICATE_EXPIRED(Severity.ERROR, "a certificate that we show is no longer valid, or not yet"),
    SCHEMA_UNUSABLE(Severity.ERROR, "a model's JSON Schema is invalid, or refers to what is outside of its file"),
    LOG_UNWRITABLE(Severity.ERROR, "the access log cannot be written where it should be"),
    JOURNAL_UNWRITABLE(Severity.ERROR, "the journal of what was spent cannot be written where it should be"),

    TIMEOUT_CASCADE(Severity.WARNING, "a model's `total` ends before its attempts can: not all retries can happen"),
    CERTIFICATE_EXPIRES_SOON(Severity.WARNING, "a certificate expires within 30 days"),
    AUTHORITY_EXPIRED(Severity.WARNING, "an authority that is trusted has expired, or is not valid yet"),
    SECRET_EXPOSED(Severity.WARNING, "every user of the machine can read a private key or a model's credential"),
    CONFIGURATION_EXPOSED(Severity.WARNING, "every user of the machine can change the configuration"),
    MODEL_UNREACHABLE(Severity.WARNING,
            "no connection to an endpoint within 3 s, TLS included; an error with `--strict`"),
    HEALTH_FAILING(Severity.WARNING, "an endpoint does not answer its health check; an error with `--strict`"),
    MODEL_UNCALLABLE(Severity.WARNING, "no caller may call a model, or one of its versions"),
    GRANTS_NOTHING(Severity.WARNING, "a caller may call nothing that is there"),
    KEY_EXPIRED(Severity.WARNING, "a caller's key is refused, as it has expired"),
    KEY_EXPIRES_SOON(Severity.WARNING, "a caller's last key expires within 14 days"),
    PROXIES_EVERYWHERE(Severity.WARNING, "every client is believed when it says what its address is"),

    NOTE(Severity.NOTICE, "allowed, and worth a look"),
    CLIENT_TIMEOUT(Severity.NOTICE, "how long clients must be ready to wait, so that they do not give up first"),
    DRAIN_TIMEOUT(Severity.NOTICE, "calls may take longer than a stop waits for them"),
    REACHABILITY_INCOMPLETE(Severity.NOTICE, "there was no time to try every endpoint"),

    ANONYMOUS_CALLER(Severity.SKIP, "identify: calls without a credential pass"),
    GRANTS_EVERYTHING(Severity.SKIP, "authorize: a caller may call every model, also those to come"),
    ANY_OPERATION(Severity.SKIP, "authorize: every method and path of a model can be called"),
    FORGED_ADDRESSES(Severity.SKIP, "limit: clients can choose the address that limits and log see"),
    CALLER_UNLIMITED(Severity.SKIP, "limit: a caller has no rate"),
    CALLER_UNBOUNDED(Severity.SKIP, "limit: a caller has no bound on calls at the same time"),
    CALLER_WITHOUT_QUOTA(Severity.SKIP, "charge: a caller has neither quota nor budget"),
    TENANT_UNLIMITED(Severity.SKIP, "limit: nothing bounds what the callers of a tenant use together"),
    SPENDING_FORGOTTEN(Severity.SKIP, "charge: a restart forgets what was spent"),
    BUDGET_WITHOUT_COST(Severity.SKIP, "charge: a caller has a budget, and may call what costs nothing"),
    ANY_MEDIA_TYPE(Severity.SKIP, "inspect: a model takes every media type"),
    UNREAD_MEDIA_TYPES(Severity.SKIP, "inspect: a model takes media types that nothing reads"),
    PICTURES_UNREAD(Severity.SKIP, "inspect: pictures reach a model unread"),
    FORMS_UNREAD(Severity.SKIP, "inspect: forms reach a model unread"),
    JSON_UNREAD(Severity.SKIP, "inspect: JSON reaches a model unread"),
    TUNNELS(Severity.SKIP, "inspect: what passes through a tunnel (WebSocket) is not looked at"),
    GRPC_MESSAGES(Severity.SKIP, "inspect: messages of gRPC are counted, not looked into"),
    ANY_ANSWER_TYPE(Severity.SKIP, "inspect answers: a model may answer with every media type"),
    ERRORS_PASS(Severity.SKIP, "inspect answers: errors and stack traces of a model reach clients"),
    COOKIES_PASS(Severity.SKIP, "inspect answers: a model may set cookies at the gateway's address"),
    ANSWERS_SHOWN_WHOLE(Severity.SKIP,
            "inspect answers: a cohort of callers sees all scores and fields that a model answers"),
    UNREADABLE_ANSWERS_PASS(Severity.SKIP, "inspect answers: what cannot be looked into passes as it is"),
    UNENCRYPTED_CLIENTS(Severity.SKIP, "credentials pass in plain text where others can listen"),
    UNENCRYPTED_MODEL(Severity.SKIP, "calls pass to a model in plain text where others can listen"),
    ADMIN_EXPOSED(Severity.SKIP, "health and metrics can be read from other machines"),
    NO_ACCESS_LOG(Severity.SKIP, "record: calls leave no line in a log");

    private final Severity severity;
    private final String meaning;

    FindingCode(Severity severity, String meaning) {
        this.severity = requireNonNull(severity, "severity is null");
        this.meaning = requireNonNull(meaning, "meaning is null");
    }

    /** In kebab case, as reports show it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    /** For the reference: what has been found, in words without capital and full stop. */
    public String meaning() {
        return meaning;
    }
}
