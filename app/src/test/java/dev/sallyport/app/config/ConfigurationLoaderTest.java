package dev.sallyport.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.http.CertificateFiles;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.identity.FailureLimit;
import dev.sallyport.gateway.inspect.BodyRule;
import dev.sallyport.gateway.inspect.ContentRule;
import dev.sallyport.gateway.inspect.MultipartRule;
import dev.sallyport.gateway.inspect.PictureRule;
import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import dev.sallyport.gateway.inspect.image.PictureLimits;
import dev.sallyport.gateway.inspect.json.InstanceRule;
import dev.sallyport.gateway.inspect.json.JsonLimits;
import dev.sallyport.gateway.inspect.json.JsonPointer;
import dev.sallyport.gateway.inspect.json.JsonRule;
import dev.sallyport.gateway.inspect.json.Reveal;
import dev.sallyport.gateway.inspect.multipart.MultipartLimits;
import dev.sallyport.gateway.limit.Allowance;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.Money;
import dev.sallyport.gateway.limit.Price;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.limit.Rate.Scope;
import dev.sallyport.gateway.limit.Unit;
import dev.sallyport.gateway.limit.Usage;
import dev.sallyport.gateway.limit.Window;
import dev.sallyport.gateway.limit.Window.Period;
import dev.sallyport.gateway.policy.Operation;
import dev.sallyport.gateway.telemetry.Sampling;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.HealthSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamCredential;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec.ClientProtocol;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good files, and what they mean. */
class ConfigurationLoaderTest {
    private static final String DIGITS = "0123456789abcdef".repeat(4);
    private static final String OTHER_DIGITS = "fedcba9876543210".repeat(4);

    private static final String SEVEN_LINES = """
            models:
              resnet:
                url: http://127.0.0.1:8000
            callers:
              mobile-app:
                key: sha256:%s  # as `keys new` prints it
                may: [resnet]
                limit: 60/min
                budget: 5 USD/day
            """.formatted(DIGITS);

    @TempDir
    Path directory;

    @Test
    void readsTheShortestFileAndFillsInEveryDefault() {
        Configuration configuration = load(SEVEN_LINES);

        assertThat(configuration.listeners())
                .containsExactly(new ListenerConfiguration(address("127.0.0.1", 8080), false));
        assertThat(configuration.admin()).isEqualTo(new ListenerConfiguration(address("127.0.0.1", 8081), false));
        assertThat(configuration.certificates()).isEmpty();
        assertThat(configuration.proxies()).isEmpty();
        assertThat(configuration.proxyProtocol()).isFalse();
        assertThat(configuration.loops()).isNull();
        assertThat(configuration.limits()).isEqualTo(Limits.DEFAULTS);
        assertThat(configuration.accessLog()).isEqualTo(new AccessLogTarget.StandardOutput());
        assertThat(configuration.traces()).isNull();
        assertThat(configuration.spendingJournal())
                .isEqualTo(new SpendingJournal.In(directory.resolve("sallyport.spending")));
        assertThat(configuration.identification()).isEqualTo(FailureLimit.STANDARD);
        assertThat(configuration.digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(configuration.models()).containsExactly(Map.entry("resnet", new ModelConfiguration(
                Map.of("", new VersionConfiguration(List.of(new EndpointSpec(false, "127.0.0.1", 8000, "")), null)), "",
                Map.of(),
                new BodyRule(10 << 20, List.of()), Timeouts.DEFAULTS, List.of(), ClientProtocol.AUTOMATIC,
                TlsSpec.DEFAULTS,
                UpstreamSpec.DEFAULT_CONNECTIONS, UpstreamSpec.DEFAULT_RETRIES, UpstreamSpec.DEFAULT_RETRY_BUDGET, null,
                LimitRule.NONE, false,
                new AnswerConfiguration(64 << 20, List.of(), false, false, false, Map.of()), List.of(), null,
                CostConfiguration.NONE)));
        assertThat(configuration.callers()).containsExactly(Map.entry("mobile-app", new CallerConfiguration(
                List.of(new KeyConfiguration(DIGITS, null)), false, Cohort.PUBLIC, List.of("resnet"),
                new LimitRule(List.of(perMinute(60, 60)), 0, List.of(budget("5", false, Period.DAY))), "default",
                Map.of())));
        assertThat(configuration.spending())
                .isEqualTo(new SpendingConfiguration(ZoneId.of("UTC"), LimitRule.NONE, Map.of()));
    }

    @Test
    void saysThatABudgetIsNeverSpentWithoutAnyCost() {
        assertThat(load(SEVEN_LINES).notices()).extracting(Finding::text)
                .containsExactly(
                        "callers.mobile-app.budget: can never be spent, as no model has a cost; give models a `cost`, or use `quota`");
    }

    @Test
    void readsEveryKey() throws IOException {
        Path pem = Files.writeString(directory.resolve("a.pem"), "");
        Path key = Files.writeString(directory.resolve("a.key"), "");
        Files.writeString(directory.resolve("token"), "secret\n");
        String file = """
                listen: ["0.0.0.0:8443", {address: "[::1]:0", plain-text: allowed}]
                admin: {address: 10.0.0.1:9000, plain-text: allowed}
                tls: [{certificate: a.pem, key: a.key}, {certificate: ./a.pem, key: %s}]
                proxies: [10.0.0.0/8, "fd00::/8", 192.0.2.1]
                proxy-protocol: true
                loops: 3
                time-zone: Europe/Berlin
                budget: 100 USD/month
                tenants: {acme: {limit: 100/s, concurrency: 50, quota: [1000000/month, 5 instances/rolling h]}}
                limits: {connections: 5, header-bytes: 1000, drain-millis: 1}
                telemetry:
                  access-log: access.jsonl
                  otlp: {url: "https://collector.example:4318/base/", trust: a.pem}
                  sample: 0.5%%
                  sample-requested: 3/min
                  sample-failures: 20/s
                spending: {journal: spent/}
                identification: {failures: 5/h, delay-max: 1 h}
                models:
                  ocr:
                    versions:
                      "1": {url: https://ocr.example.org, digest: sha256:%s}
                      2: {urls: ["http://[::1]:81/base/", http://my_service]}
                    default: 2
                    labels: {stage: production, tier: "1"}
                    accepts: [Image/PNG, text/*]
                    body: 5 MB
                    images: {inspect: on, megapixels: 12, frames: 3, metadata: strip}
                    json: {depth: 5, strings: 1 KiB}
                    multipart: {parts: 2, names: [file, options]}
                    inflate: {ratio: 50, size: 8 MiB}
                    timeouts: {connect: 2 s, first-byte: 10s, idle: 1 min, total: 1 h}
                    hosts: [OCR.example.org]
                    protocol: h2
                    preserve-host: true
                    tls: {trust: [a.pem], certificate: a.pem, key: a.key, server-name: inner}
                    connections: 7
                    retries: 0
                    retry-budget: 50%%
                    health: {path: /healthz, interval: 5 s, timeout: 500 ms, failures: 2, successes: 4}
                    limit: [100/s, 10/day burst 3 per address]
                    concurrency: 9
                    answer: {body: 1 MiB, accepts: [Application/JSON, image/*], cookies: allowed, errors: passed, unreadable: passed,
                      reveal: {internal: {digits: 9}, partner: {top: 5, digits: 3, remove: /logits, scores: [/a/0, /b]}, public: {label-only: true, remove: [/logits, /x/*]}}}
                    operations: [POST /predict, "* /public/**"]
                    credential: {file: token, field: X-Model-Key}
                    cost:
                      - 0.002 USD
                      - {amount: 0.1 USD, per: megapixel}
                      - amount: 0.0000004 USD
                        usage: {header: X-Usage, pointer: /usage/total, event: "/usage/a~1b", per-event: 2}
                        reserve: 4000
                    instances: {pointer: /rows, max: 7}
                callers:
                  partner:
                    keys: [{key: sha256:%s, expires: 2027-03-01}, {key: sha256:%s, expires: "2027-03-01T12:00:00+02:00"}]
                    cohort: internal
                    may: [ocr@2, "ocr-*"]
                    limit: 10/s burst 20
                    concurrency: 4
                    tenant: acme
                    models: {ocr: {limit: [3/min, 9 instances/min burst 20 per address], budget: [1.5 USD/rolling day, 2 USD/week]}}
                  anyone: {anonymous: true, may: ocr, limit: 10/min per address}
                """.formatted(key, DIGITS, DIGITS, OTHER_DIGITS);

        Configuration configuration = load(file);

        assertThat(configuration.listeners()).containsExactly(
                new ListenerConfiguration(address("0.0.0.0", 8443), true),
                new ListenerConfiguration(address("::1", 0), false));
        assertThat(configuration.admin().address()).isEqualTo(address("10.0.0.1", 9000));
        assertThat(configuration.certificates()).containsExactly(new CertificateFiles(pem, key),
                new CertificateFiles(pem, key));
        assertThat(configuration.proxies()).containsExactly(Network.parse("10.0.0.0/8"), Network.parse("fd00::/8"),
                Network.parse("192.0.2.1/32"));
        assertThat(configuration.proxyProtocol()).isTrue();
        assertThat(configuration.loops()).isEqualTo(3);
        assertThat(configuration.limits().connections()).isEqualTo(5);
        assertThat(configuration.limits().headerBytes()).isEqualTo(1000);
        assertThat(configuration.limits().drainMillis()).isEqualTo(1);
        assertThat(configuration.limits().fields()).isEqualTo(Limits.DEFAULTS.fields());
        assertThat(configuration.accessLog()).isEqualTo(new AccessLogTarget.File(directory.resolve("access.jsonl")));
        assertThat(configuration.traces()).isEqualTo(new TraceConfiguration(
                URI.create("https://collector.example:4318/base/v1/traces"), pem,
                new Sampling(0.005, new Sampling.Allowance(3, 60_000_000_000L, 3),
                        new Sampling.Allowance(20, 1_000_000_000, 20))));
        assertThat(configuration.spendingJournal()).isEqualTo(new SpendingJournal.In(directory.resolve("spent")));
        assertThat(configuration.identification())
                .isEqualTo(new FailureLimit(5, TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(1)));
        assertThat(configuration.models()).containsExactly(Map.entry("ocr", new ModelConfiguration(
                Map.of(
                        "1",
                        new VersionConfiguration(List.of(new EndpointSpec(true, "ocr.example.org", 443, "")),
                                "sha256:" + DIGITS),
                        "2", new VersionConfiguration(
                                List.of(new EndpointSpec(false, "::1", 81, "/base"),
                                        new EndpointSpec(false, "my_service", 80, "")),
                                null)),
                "2", Map.of("stage", "production", "tier", "1"),
                new BodyRule(5_000_000, List.of("image/png", "text/*"), new ContentRule(
                        new PictureRule(new PictureLimits(12_000_000, 3), true),
                        new JsonRule(JsonLimits.DEFAULTS.withDepth(5).withStringBytes(1024),
                                new InstanceRule(JsonPointer.of("/rows"), 7, 10_000_000), Map.of()),
                        new MultipartRule(MultipartLimits.DEFAULTS.withParts(2), Set.of("file", "options")),
                        new DecodeLimits(50, 8 << 20), 7)),
                new Timeouts(2_000, 10_000, 60_000, 3_600_000), List.of("ocr.example.org"), ClientProtocol.HTTP_2,
                new TlsSpec(List.of(pem), pem, key, "inner"), 7, 0, 0.5, new HealthSpec("/healthz", 5_000, 500, 2, 4),
                new LimitRule(List.of(new Rate(100, TimeUnit.SECONDS.toNanos(1), 100, Scope.WHOLE),
                        new Rate(10, TimeUnit.DAYS.toNanos(1), 3, Scope.ADDRESS)), 9),
                true,
                new AnswerConfiguration(1 << 20, List.of("application/json", "image/*"), true, true, true, Map.of(
                        Cohort.INTERNAL, new Reveal(false, 0, 9, List.of(), List.of()), Cohort.PARTNER,
                        new Reveal(false, 5, 3, List.of("/logits"), List.of("/a/0", "/b")),
                        Cohort.PUBLIC, new Reveal(true, 0, -1, List.of("/logits", "/x/*"), List.of()))),
                List.of(Operation.of("POST", "/predict"), Operation.of("*", "/public/**")),
                new UpstreamCredential("x-model-key", "secret"),
                new CostConfiguration(List.of(
                        new Price.Each(2_000_000_000L, Price.Per.CALL),
                        new Price.Each(100_000_000_000L, Price.Per.MEGAPIXEL),
                        new Price.Metered(400_000, new Usage("x-usage", "/usage/total", "/usage/a~1b"), 4_000, 2)),
                        "/rows", 7))));
        assertThat(configuration.spending()).isEqualTo(new SpendingConfiguration(ZoneId.of("Europe/Berlin"),
                new LimitRule(List.of(), 0, List.of(budget("100", false, Period.MONTH))),
                Map.of("acme", new LimitRule(List.of(perSecond(100)), 50, List.of(
                        new Allowance(Unit.CALLS, 1_000_000, new Window(Period.MONTH, false)),
                        new Allowance(Unit.INSTANCES, 5, new Window(Period.HOUR, true)))))));
        assertThat(configuration.callers().get("partner")).isEqualTo(new CallerConfiguration(
                List.of(new KeyConfiguration(DIGITS, Instant.parse("2027-03-01T00:00:00Z")),
                        new KeyConfiguration(OTHER_DIGITS, Instant.parse("2027-03-01T10:00:00Z"))),
                false, Cohort.INTERNAL, List.of("ocr@2", "ocr-*"),
                new LimitRule(List.of(new Rate(10, TimeUnit.SECONDS.toNanos(1), 20, Scope.WHOLE)), 4), "acme",
                Map.of("ocr", new LimitRule(List.of(perMinute(3, 3),
                        new Rate(9, TimeUnit.MINUTES.toNanos(1), 20, Scope.ADDRESS, true)), 0,
                        List.of(budget("1.5", true, Period.DAY), budget("2", false, Period.WEEK))))));
        assertThat(configuration.callers().get("anyone")).isEqualTo(new CallerConfiguration(
                List.of(), true, Cohort.PUBLIC, List.of("ocr"),
                new LimitRule(List.of(new Rate(10, TimeUnit.MINUTES.toNanos(1), 10, Scope.ADDRESS)), 0), "default",
                Map.of()));
        assertThat(configuration.notices()).isEmpty();
        assertThat(keysNotIn(file, RootKeys.SECTION)).as("keys that this test forgets").containsExactly(
                "plain-text", "schema");
    }

    private static Allowance budget(String amount, boolean rolling, Period period) {
        return Allowance.budget(Money.of(new BigDecimal(amount), "USD"), new Window(period, rolling));
    }

    private static Rate perSecond(int count) {
        return new Rate(count, TimeUnit.SECONDS.toNanos(1), count, Scope.WHOLE);
    }

    /** The keys of {@code section} and below that do not occur in {@code file}. */
    private static List<String> keysNotIn(String file, Section section) {
        List<String> missing = new ArrayList<>();
        for (Section.Item item : section.items()) {
            boolean elsewhere = item instanceof Section.LaterKey || section == LimitKeys.SECTION;
            boolean named =
                    item == RootKeys.PLAIN_TEXT ? file.contains("\nplain-text:")
                            : ("\n" + file).matches("(?s).*[\\s{\\[]" + item.name() + ":.*");
            if (!elsewhere && !named) {
                missing.add(item.name());
            }
            if (item instanceof Section.SectionKey below) {
                missing.addAll(keysNotIn(file, below.section()));
            }
        }
        return missing;
    }

    @Test
    void readsEveryLimitIntoItsOwnField() throws ReflectiveOperationException {
        StringBuilder file = new StringBuilder("limits:\n");
        int value = 1_000_000;
        for (Key<Integer> key : LimitKeys.KEYS) {
            file.append("  ").append(key.name()).append(": ").append(value++).append('\n');
        }
        Limits limits = load(file.toString()).limits();
        value = 1_000_000;
        for (var component : Limits.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(limits)).as(component.getName()).isEqualTo(value++);
        }
    }

    @Test
    void everyDefaultIsWrittenInItsOwnNotation() {
        assertThat(fallbacks(RootKeys.SECTION)).isGreaterThan(30);
    }

    private static int fallbacks(Section section) {
        int fallbacks = 0;
        for (Section.Item item : section.items()) {
            if (item instanceof Key<?> key && key.fallback() != null) {
                assertThat((Object) key.fallbackValue()).as(key.name()).isNotNull();
                fallbacks++;
            } else if (item instanceof Section.SectionKey below) {
                fallbacks += fallbacks(below.section());
            }
        }
        return fallbacks;
    }

    @Test
    void oneWordSwitchesAReaderOff() {
        ContentRule rule = model(load("models:\n  a: {url: http://h, images: off, multipart: off}\n")).body().content();

        assertThat(rule.pictures()).isNull();
        assertThat(rule.multipart()).isNull();
        assertThat(rule.json()).isNotNull();
        assertThat(model(load("models:\n  a: {url: http://h, images: on}\n")).body().content())
                .isEqualTo(ContentRule.DEFAULTS);
    }

    @Test
    void readsJsonToo() {
        Configuration configuration =
                load("{\"models\": {\"a\": {\"url\": \"http://h\", \"retries\": 2, \"preserve-host\": true}}}");
        assertThat(model(configuration).retries()).isEqualTo(2);
        assertThat(model(configuration).preserveHost()).isTrue();
    }

    @Test
    void shortensDefaultTimeoutsToAShorterTotal() {
        Configuration configuration = load("models:\n  a: {url: http://h, timeouts: {total: 500 ms}}\n");
        assertThat(model(configuration).timeouts()).isEqualTo(new Timeouts(500, 500, 500, 500));
    }

    @Test
    void picksTheOnlyVersionAsDefault() {
        assertThat(model(load("models:\n  a: {versions: {\"7\": {url: http://h}}}\n")).defaultVersion())
                .isEqualTo("7");
    }

    @Test
    void listensInPlainTextOffLoopbackWhenToldTo() {
        assertThat(load("listen: 0.0.0.0:80\nplain-text: allowed\n").listeners())
                .containsExactly(new ListenerConfiguration(address("0.0.0.0", 80), false));
    }

    @Test
    void aCollectorAloneIsEnoughToTraceOneCallInAHundred() {
        TraceConfiguration traces = load("telemetry: {otlp: http://127.0.0.1:4318}\n").traces();

        assertThat(traces).isEqualTo(new TraceConfiguration(URI.create("http://127.0.0.1:4318/v1/traces"), null,
                new Sampling(0.01, new Sampling.Allowance(10, 1_000_000_000, 10), null)));
    }

    @Test
    void noticesTracesInPlainTextThatLeaveTheMachine() {
        assertThat(load("models: {}\ncallers: {}\ntelemetry: {otlp: http://collector.example:4318}\n").notices())
                .extracting(Finding::text).singleElement().asString().contains("traces pass in plain text");
        for (String near : List.of("http://127.0.0.1:4318", "http://[::1]:4318", "http://localhost:4318",
                "https://collector.example")) {
            assertThat(load("models: {}\ncallers: {}\ntelemetry: {otlp: \"" + near + "\"}\n").notices()).isEmpty();
        }
    }

    @Test
    void noticesWhatIsProbablyNotMeant() {
        assertThat(load("proxies: 0.0.0.0/0\nmodels:\n  a: {url: http://h}\n").notices()).extracting(Finding::toString)
                .containsExactly(
                        directory.resolve("sallyport.yaml") + ":1:1: there are no `callers`, so every call is refused",
                        directory.resolve("sallyport.yaml")
                                + ":1:10: proxies: 0.0.0.0/0 lets every client choose the address that limits see; name the networks of your load balancers only");
        assertThat(load("models: {}\ncallers:\n  a: {key: sha256:" + DIGITS + "}\n").notices())
                .extracting(Finding::text)
                .containsExactly("callers.a: may call nothing; list models in `may`");
    }

    @Test
    void digestChangesWithTheFile() {
        assertThat(load("models: {}\n").digest()).isNotEqualTo(load("models: {} \n").digest());
    }

    private static Rate perMinute(int count, int burst) {
        return new Rate(count, TimeUnit.MINUTES.toNanos(1), burst, Scope.WHOLE);
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    private static ModelConfiguration model(Configuration configuration) {
        return Objects.requireNonNull(configuration.models().get("a"));
    }

    private Configuration load(String text) {
        return ConfigurationLoader.parse(directory.resolve("sallyport.yaml"), text.getBytes(UTF_8)).orThrow();
    }
}
