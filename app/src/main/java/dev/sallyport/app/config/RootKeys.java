package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.LaterKey;
import dev.sallyport.app.config.Section.Rule;
import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.limit.Rate;
import java.net.InetSocketAddress;
import java.util.Map;

/** The keys of the file, and of the sections that are neither models nor callers. */
final class RootKeys {
    private static final Notation<Boolean> PLAIN_TEXT_CHOICE = Words.choice(Map.of("allowed", true));

    static final Key<InetSocketAddress> ADDRESS = Key.optional("address", Addresses.ADDRESS, "Where to listen.");
    static final Key<Boolean> LISTENER_PLAIN_TEXT = Key.optional("plain-text", PLAIN_TEXT_CHOICE,
            "Speaks plain text on this address, although `tls` is configured or the address is not loopback.");
    static final Section LISTENER = Section.of("listen", ADDRESS, LISTENER_PLAIN_TEXT).with(new Rule.Required(ADDRESS));
    static final SectionKey LISTEN = new SectionKey("listen", new Shape.Shorthand(ADDRESS), LISTENER,
            "Where calls are taken: one address or a list. Default `127.0.0.1:8080`.");

    static final Key<Boolean> ADMIN_PLAIN_TEXT = Key.optional("plain-text", PLAIN_TEXT_CHOICE,
            "Allows an address other than loopback, where whoever can reach it reads health and metrics.");
    static final Section ADMIN_LISTENER =
            Section.of("admin", ADDRESS, ADMIN_PLAIN_TEXT).with(new Rule.Required(ADDRESS));
    static final SectionKey ADMIN = new SectionKey("admin", new Shape.OneOrValue(ADDRESS), ADMIN_LISTENER,
            "Where health and metrics are served. Default `127.0.0.1:8081`.");

    static final Key<Boolean> PLAIN_TEXT = Key.optional("plain-text", PLAIN_TEXT_CHOICE,
            "Allows listening in plain text on addresses other than loopback: credentials are then readable on the way.");

    static final Key<String> CERTIFICATE =
            Key.optional("certificate", Words.FILE, "The chain of certificates, PEM, own certificate first.");
    static final Key<String> PRIVATE_KEY =
            Key.optional("key", Words.FILE, "The private key that belongs to the certificate, PEM.");
    static final SectionKey TLS = new SectionKey("tls", new Shape.Several(),
            Section.of("tls", CERTIFICATE, PRIVATE_KEY,
                    new LaterKey("clients", "client certificates come with a later version"))
                    .with(new Rule.Required(CERTIFICATE)).with(new Rule.Required(PRIVATE_KEY)),
            "The certificate that listeners show: one, or a list among which the name asked for (SNI) chooses; the first answers other names.");

    static final Key<Network> PROXIES = Key.several("proxies", Addresses.NETWORK,
            "The networks whose PROXY protocol, `Forwarded` and `X-Forwarded-For` are believed.");
    static final Key<Boolean> PROXY_PROTOCOL = Key.with("proxy-protocol", Words.FLAG, "false",
            "Whether connections from `proxies` begin with a PROXY protocol header, version 1 or 2.");
    static final Key<Integer> LOOPS =
            Key.optional("loops", Words.number(1, 256), "How many event loops run. Default: one per processor.");

    static final SectionKey MODELS =
            new SectionKey("models", new Shape.Named(), ModelKeys.SECTION, "What can be called, by name.");
    static final SectionKey CALLERS =
            new SectionKey("callers", new Shape.Named(), CallerKeys.SECTION, "Who may call, by name.");

    static final SectionKey TELEMETRY = new SectionKey("telemetry", new Shape.One(), TelemetryKeys.SECTION,
            "What is told of the calls, and where.");

    static final Key<String> JOURNAL = Key.optional("journal", Words.FILE,
            "The directory in which it is written down what was spent, so that a restart does not forget it; `none`: nowhere."
                    + " Absent: `sallyport.spending` beside the file when anything has a quota or budget.");
    static final SectionKey SPENDING = new SectionKey("spending", new Shape.One(),
            Section.of("spending", JOURNAL), "How quotas and budgets are kept.");

    static final Key<Rate> FAILURES = Key.with("failures", Allowances.PLAIN_RATE, "10/min",
            "How many credentials of one network may be wrong before further ones have to wait.");
    static final Key<Long> DELAY_MAX = Key.with("delay-max", Quantities.DURATION, "5 min",
            "The longest that they have to wait. The first wait is as long as one failure counts, and each one after a wait doubles the next.");
    static final SectionKey IDENTIFICATION = new SectionKey("identification", new Shape.One(),
            Section.of("identification", FAILURES, DELAY_MAX),
            "How guessing of keys is slowed down, per client address (IPv4) or /64 network (IPv6).");

    static final SectionKey LIMITS =
            new SectionKey("limits", new Shape.One(), LimitKeys.SECTION, "The bounds that protect connections.");

    static final Section SECTION = Section.of(
            "", LISTEN, ADMIN, PLAIN_TEXT, TLS, PROXIES, PROXY_PROTOCOL, MODELS, CALLERS, TELEMETRY, LIMITS, SPENDING,
            IDENTIFICATION, LOOPS,
            SpendingKeys.LIMIT, SpendingKeys.CONCURRENCY, SpendingKeys.QUOTA, SpendingKeys.BUDGET, SpendingKeys.TENANTS,
            SpendingKeys.TIME_ZONE,
            new LaterKey("issuers", "tokens of identity providers come with a later version"),
            new LaterKey("trust-domains", "workload identities come with a later version"),
            new LaterKey("policies", "policies in Rego come with a later version"),
            new LaterKey("ledger", "the audit ledger comes with a later version"),
            new LaterKey("registry", "the registry comes with a later version"),
            new LaterKey("counters", "counters shared by several gateways come with a later version"));

    private RootKeys() {}
}
