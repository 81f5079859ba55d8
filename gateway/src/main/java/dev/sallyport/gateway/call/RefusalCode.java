package dev.sallyport.gateway.call;

/**
 * Every reason for which the gateway refuses or fails a call: the one list from which documents, metrics and answers are made.
 * The text of a code never changes once released.
 */
public enum RefusalCode {
    MALFORMED_REQUEST("malformed-request", 400, GrpcStatus.INTERNAL, Outcome.CLIENT, "The request is malformed",
            "Correct the request; the detail names the part that breaks HTTP's rules."),
    REQUEST_TIMEOUT("request-timeout", 408, GrpcStatus.DEADLINE_EXCEEDED, Outcome.CLIENT,
            "The request took too long to arrive",
            "Send the request faster, or check the network between client and gateway."),
    BODY_TOO_LARGE("body-too-large", 413, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.CLIENT,
            "The request body is too large", "Send a smaller body, or have the model's `body` limit raised."),
    TARGET_TOO_LONG("target-too-long", 414, GrpcStatus.INTERNAL, Outcome.CLIENT, "The request target is too long",
            "Move parameters from the URL into the body."),
    MEDIA_TYPE_NOT_ACCEPTED("media-type-not-accepted", 415, GrpcStatus.INVALID_ARGUMENT, Outcome.CLIENT,
            "The media type is not accepted", "Send one of the media types that `accepts` lists."),
    MALFORMED_CONTENT("malformed-content", 400, GrpcStatus.INVALID_ARGUMENT, Outcome.CLIENT,
            "The content of the request is malformed",
            "Correct the content; the detail names the part and where it breaks its format."),
    SCHEMA_VIOLATED("schema-violated", 400, GrpcStatus.INVALID_ARGUMENT, Outcome.CLIENT,
            "The content does not fit the model's schema",
            "Correct the content; the detail names the failing value by its JSON Pointer."),
    CONTENT_TOO_LARGE("content-too-large", 413, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.CLIENT,
            "The content of the request is larger than allowed",
            "Send less; the detail names the part and the limit, such as pixels, frames or inflated bytes."),
    TOO_MANY_INSTANCES("too-many-instances", 413, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.CLIENT,
            "The request asks for too many instances at once", "Split the request into several."),
    MEDIA_TYPE_MISMATCH("media-type-mismatch", 415, GrpcStatus.INVALID_ARGUMENT, Outcome.CLIENT,
            "The content is not what its media type says", "Send the Content-Type that the content has."),
    CONTENT_CODING_NOT_ACCEPTED("content-coding-not-accepted", 415, GrpcStatus.INVALID_ARGUMENT, Outcome.CLIENT,
            "The content coding is not accepted",
            "Send the body without Content-Encoding, or with gzip, deflate, br or zstd."),
    EXPECTATION_FAILED("expectation-failed", 417, GrpcStatus.INTERNAL, Outcome.CLIENT, "The expectation cannot be met",
            "Only `Expect: 100-continue` is understood."),
    HEADER_TOO_LARGE("header-too-large", 431, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.CLIENT,
            "The header section is too large", "Send fewer or shorter header fields."),
    NOT_IMPLEMENTED("not-implemented", 501, GrpcStatus.UNIMPLEMENTED, Outcome.CLIENT,
            "The request needs something that is not implemented",
            "The detail names what is not supported, such as a transfer coding or CONNECT."),
    VERSION_NOT_SUPPORTED("version-not-supported", 505, GrpcStatus.INTERNAL, Outcome.CLIENT,
            "The HTTP version is not supported", "Use HTTP/1.1 or HTTP/2."),
    CREDENTIAL_MISSING("credential-missing", 401, GrpcStatus.UNAUTHENTICATED, Outcome.CLIENT,
            "A credential is required", "Send `Authorization: Bearer …` or `X-Api-Key: …`."),
    CREDENTIAL_INVALID("credential-invalid", 401, GrpcStatus.UNAUTHENTICATED, Outcome.CLIENT,
            "The credential is not valid", "Check the key for a typo, or ask for a new one."),
    NOT_PERMITTED("not-permitted", 403, GrpcStatus.PERMISSION_DENIED, Outcome.POLICY, "The call is not permitted",
            "Call one of the resources in `may`, or have the caller's `may` list extended."),
    OPERATION_NOT_OFFERED("operation-not-offered", 403, GrpcStatus.PERMISSION_DENIED, Outcome.POLICY,
            "The model does not offer this operation",
            "Call one of the `operations` that the answer lists, or have the model's list extended."),
    RATE_LIMITED("rate-limited", 429, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.POLICY, "Too many calls",
            "Wait for the seconds in `Retry-After`, then call again."),
    CONCURRENCY_LIMITED("concurrency-limited", 429, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.POLICY,
            "Too many calls at once", "Wait until a call in flight has ended, then call again."),
    QUOTA_EXHAUSTED("quota-exhausted", 429, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.POLICY, "The quota is used up",
            "Wait for the seconds in `Retry-After`, or have the quota raised."),
    BUDGET_EXHAUSTED("budget-exhausted", 429, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.POLICY, "The budget is spent",
            "Wait for the seconds in `Retry-After`, or have the budget raised."),
    IDENTIFICATION_LIMITED("identification-limited", 429, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.CLIENT,
            "Too many credentials were not valid",
            "Wait for the seconds in `Retry-After`, then send a valid credential."),
    CONTROL_FAILED("control-failed", 500, GrpcStatus.INTERNAL, Outcome.GATEWAY,
            "A control failed, so the call was refused",
            "Report the call id to the operator; the log holds the cause."),
    OVERLOADED("overloaded", 503, GrpcStatus.UNAVAILABLE, Outcome.GATEWAY, "The gateway is overloaded",
            "Call again later."),
    SHUTTING_DOWN("shutting-down", 503, GrpcStatus.UNAVAILABLE, Outcome.GATEWAY, "The gateway is shutting down",
            "Call again on a new connection."),
    NO_HEALTHY_ENDPOINT("no-healthy-endpoint", 503, GrpcStatus.UNAVAILABLE, Outcome.UPSTREAM,
            "No endpoint of the upstream is healthy", "Check the upstream; the gateway keeps probing it."),
    POOL_EXHAUSTED("pool-exhausted", 503, GrpcStatus.UNAVAILABLE, Outcome.GATEWAY,
            "All connections to the upstream are taken",
            "Call again later, or have the upstream's `connections` raised."),
    UPSTREAM_CONNECT_FAILED("upstream-connect-failed", 502, GrpcStatus.UNAVAILABLE, Outcome.UPSTREAM,
            "The upstream refused the connection", "Check that the upstream listens at its configured address."),
    UPSTREAM_TLS_FAILED("upstream-tls-failed", 502, GrpcStatus.UNAVAILABLE, Outcome.UPSTREAM,
            "The TLS handshake with the upstream failed", "Check the upstream's certificate, name and trust."),
    UPSTREAM_RESET("upstream-reset", 502, GrpcStatus.UNAVAILABLE, Outcome.UPSTREAM,
            "The upstream closed the connection before it had answered",
            "Check the upstream's log for a crash or a connection limit."),
    UPSTREAM_PROTOCOL_ERROR("upstream-protocol-error", 502, GrpcStatus.INTERNAL, Outcome.UPSTREAM,
            "The upstream's answer breaks the protocol",
            "Check what serves the upstream; its answer was not passed on."),
    UPSTREAM_ERROR("upstream-error", 502, GrpcStatus.UNAVAILABLE, Outcome.UPSTREAM, "The upstream failed",
            "Look the call up in the gateway's log: it holds the beginning of what the upstream answered."),
    ANSWER_TOO_LARGE("answer-too-large", 502, GrpcStatus.RESOURCE_EXHAUSTED, Outcome.UPSTREAM,
            "The upstream's answer is too large", "Have the model answer with less, or raise `answer.body`."),
    ANSWER_NOT_ACCEPTABLE("answer-not-acceptable", 502, GrpcStatus.INTERNAL, Outcome.UPSTREAM,
            "The upstream's answer may not be passed on",
            "Check what the model answers: its media type, its coding and its format must be those that `answer` allows."),
    UPSTREAM_CONNECT_TIMEOUT("upstream-connect-timeout", 504, GrpcStatus.DEADLINE_EXCEEDED, Outcome.UPSTREAM,
            "No connection to the upstream in time",
            "Check the upstream and the network, or raise `timeouts.connect`."),
    UPSTREAM_FIRST_BYTE_TIMEOUT("upstream-first-byte-timeout", 504, GrpcStatus.DEADLINE_EXCEEDED, Outcome.UPSTREAM,
            "The upstream did not begin to answer in time",
            "Check the upstream's load, or raise `timeouts.first-byte`."),
    UPSTREAM_IDLE_TIMEOUT("upstream-idle-timeout", 504, GrpcStatus.DEADLINE_EXCEEDED, Outcome.UPSTREAM,
            "The upstream stopped sending", "Check the upstream, or raise `timeouts.idle`."),
    DEADLINE_EXCEEDED("deadline-exceeded", 504, GrpcStatus.DEADLINE_EXCEEDED, Outcome.UPSTREAM,
            "The call took longer than its deadline", "Check the upstream's load, or raise `timeouts.total`."),
    CLIENT_DISCONNECTED("client-disconnected", 499, GrpcStatus.UNAVAILABLE, Outcome.CLIENT, "The client hung up",
            "Nobody was left to answer; this code occurs in logs and metrics only.");

    private final String text;
    private final int status;
    private final GrpcStatus grpcStatus;
    private final Outcome outcome;
    private final String title;
    private final String remedy;

    RefusalCode(String text, int status, GrpcStatus grpcStatus, Outcome outcome, String title, String remedy) {
        this.text = text;
        this.status = status;
        this.grpcStatus = grpcStatus;
        this.outcome = outcome;
        this.title = title;
        this.remedy = remedy;
    }

    /** The stable code, as it stands in answers, logs and metrics. */
    public String text() {
        return text;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    public GrpcStatus grpcStatus() {
        return grpcStatus;
    }

    /** Who is answerable. */
    public Outcome outcome() {
        return outcome;
    }

    public String title() {
        return title;
    }

    /** What the reader can do about it. */
    public String remedy() {
        return remedy;
    }
}
