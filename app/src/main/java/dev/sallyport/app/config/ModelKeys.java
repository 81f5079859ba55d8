package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.Rule;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.app.config.Section.TextsKey;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.policy.Operation;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec.ClientProtocol;
import java.util.Map;

/** The keys of a model. */
final class ModelKeys {
    static final Key<EndpointSpec> URL = Key.optional("url", Addresses.URL, "Where the model is served.");
    static final Key<EndpointSpec> URLS =
            Key.several("urls", Addresses.URL, "Where the model is served, when that is several places.");
    static final Key<String> DIGEST =
            Key.optional("digest", Credentials.DIGEST, "The SHA-256 of the model's artifact.");
    static final SectionKey VERSIONS = new SectionKey("versions", new Shape.Named(),
            Section.of("models.NAME.versions.VERSION", URL, URLS, DIGEST).with(new Rule.ExactlyOne(URL, URLS)),
            "The model's versions by name, instead of `url`.");
    static final Key<String> DEFAULT = Key.optional("default", Words.NAME,
            "The version that answers when the path names none. Not needed when there is but one.");
    static final TextsKey LABELS = new TextsKey("labels", "Free names and texts, for policies.");

    static final Key<String> ACCEPTS =
            Key.several("accepts", Words.MEDIA_TYPE, "The media types that a request may carry. Absent: any.");
    static final Key<Long> BODY = Key.with("body", Quantities.SIZE, "10 MiB", "The most that a request may carry.");

    static final Key<Long> CONNECT =
            Key.with("connect", Quantities.DURATION, "1 s", "For a new connection, TLS included.");
    static final Key<Long> FIRST_BYTE = Key.with("first-byte", Quantities.DURATION, "30 s",
            "From the end of the request to the head of the answer.");
    static final Key<Long> IDLE = Key.with("idle", Quantities.DURATION, "60 s", "Between two bytes of the answer.");
    static final Key<Long> TOTAL =
            Key.with("total", Quantities.DURATION, "300 s", "For the whole call with all its attempts.");
    static final SectionKey TIMEOUTS = new SectionKey("timeouts", new Shape.One(),
            Section.of("models.NAME.timeouts", CONNECT, FIRST_BYTE, IDLE, TOTAL), "How long the model may take.");

    static final Key<String> HOSTS =
            Key.several("hosts", Addresses.HOST, "Host names all of whose paths belong to this model.");
    static final Key<ClientProtocol> PROTOCOL = Key.with("protocol",
            Words.choice(Map.of("automatic", ClientProtocol.AUTOMATIC, "http/1.1", ClientProtocol.HTTP_1, "h2",
                    ClientProtocol.HTTP_2)),
            "automatic",
            "The HTTP that the model speaks. `automatic` is HTTP/1.1 in plain text, and over TLS what ALPN yields.");
    static final Key<Boolean> PRESERVE_HOST = Key.with("preserve-host", Words.FLAG, "false",
            "Whether the model sees the host that the client asked for instead of its own.");

    static final Key<String> TRUST = Key.several("trust", Words.FILE,
            "The authorities that may vouch for the model, PEM. Absent: those of the Java platform.");
    static final Key<String> TLS_CERTIFICATE =
            Key.optional("certificate", Words.FILE, "The chain that the gateway shows to the model, PEM.");
    static final Key<String> TLS_KEY =
            Key.optional("key", Words.FILE, "The private key that belongs to the certificate, PEM.");
    static final Key<String> SERVER_NAME =
            Key.optional("server-name", Addresses.HOST, "The name to ask for and to verify. Absent: the URL's host.");
    static final SectionKey TLS = new SectionKey("tls", new Shape.One(),
            Section.of("models.NAME.tls", TRUST, TLS_CERTIFICATE, TLS_KEY, SERVER_NAME)
                    .with(new Rule.Together(TLS_CERTIFICATE, TLS_KEY)),
            "How TLS is spoken with the model.");

    static final Key<Integer> CONNECTIONS = Key.with("connections", Words.number(1, 65_535), "256",
            "HTTP/1.1 connections to each endpoint at most; further calls wait.");
    static final Key<Integer> RETRIES =
            Key.with("retries", Words.number(0, 10), "1", "Further attempts at most, of what is safe to repeat.");
    static final Key<Double> RETRY_BUDGET =
            Key.with("retry-budget", Allowances.SHARE, "20%", "The share of the calls in flight that may be retries.");

    static final Key<String> HEALTH_PATH =
            Key.with("path", Words.PATH, "/", "What is asked for with GET; 200 to 399 is healthy.");
    static final Key<Long> HEALTH_INTERVAL =
            Key.with("interval", Quantities.DURATION, "10 s", "Between two checks of one endpoint.");
    static final Key<Long> HEALTH_TIMEOUT = Key.with("timeout", Quantities.DURATION, "2 s", "For one check.");
    static final Key<Integer> HEALTH_FAILURES =
            Key.with("failures", Words.number(1, 100), "3", "Failures in a row that take an endpoint out.");
    static final Key<Integer> HEALTH_SUCCESSES =
            Key.with("successes", Words.number(1, 100), "1", "Successes in a row that bring it back.");
    static final SectionKey HEALTH = new SectionKey("health", new Shape.One(),
            Section.of("models.NAME.health", HEALTH_PATH, HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_FAILURES,
                    HEALTH_SUCCESSES),
            "Checks every endpoint by itself. Absent: calls alone tell which are healthy.");

    static final Key<Rate> LIMIT =
            Key.several("limit", Allowances.RATE, "How often each version may be called by all callers together.");
    static final Key<Integer> CONCURRENCY =
            Key.optional("concurrency", Words.number(1, 1_000_000), "How many calls each version may have in flight.");

    static final Key<Operation> OPERATIONS = Key.several("operations", Operations.OPERATION,
            "All that may be asked of the model, as method and path behind its name; `*` is any segment, `**` any rest. Absent: everything.");

    static final Key<String> CREDENTIAL_FILE =
            Key.optional("file", Words.FILE, "The file that holds the secret, and nothing else.");
    static final Key<String> CREDENTIAL_FIELD = Key.with("field", Operations.FIELD, "authorization",
            "The request field that carries it. In `authorization` it stands behind `Bearer`.");
    static final SectionKey CREDENTIAL = new SectionKey("credential", new Shape.OneOrValue(CREDENTIAL_FILE),
            Section.of("models.NAME.credential", CREDENTIAL_FILE, CREDENTIAL_FIELD),
            "What the gateway shows the model so that it is let in; callers never see it. The name of a file, or a map.");

    static final Section SECTION = Section.of(
            "models.NAME", URL, URLS, VERSIONS, DEFAULT, DIGEST, LABELS, ACCEPTS, BODY, ContentKeys.IMAGES,
            JsonKeys.JSON,
            ContentKeys.MULTIPART, ContentKeys.INFLATE, TIMEOUTS, HOSTS, PROTOCOL,
            PRESERVE_HOST, TLS, CONNECTIONS,
            RETRIES, RETRY_BUDGET, HEALTH, LIMIT, CONCURRENCY, AnswerKeys.ANSWER, OPERATIONS, CREDENTIAL,
            SpendingKeys.COST, SpendingKeys.QUOTA, SpendingKeys.BUDGET, SpendingKeys.INSTANCES)
            .with(new Rule.ExactlyOne(URL, URLS, VERSIONS));

    private ModelKeys() {}
}
