package dev.sallyport.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.gateway.testing.GeneratedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in configurations that are valid in form, without any connection. */
class ConfigurationCheckTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String HASH = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String OTHER_HASH = "sha256:" + "fedcba9876543210".repeat(4);
    private static final String CALLER = "callers:\n  app: {key: " + HASH + ", may: [m]}\n";
    private static final String MODEL = "models:\n  m: {url: http://127.0.0.1:8000}\n";

    private static final String HEAD = """
            # What `check` finds

            <!-- Made from the list of codes by ConfigurationCheckTest: mvn -pl app -am test -Dtest=ConfigurationCheckTest -Dsurefire.failIfNoSpecifiedTests=false -Dsallyport.documents=write -->

            `./sallyport check` reads the configuration as `run` does, and then looks at what it means: files and certificates, time-outs,
            grants, expiry, and whether every model takes a connection, with TLS where that is configured, within 3 s (`--offline` leaves that
            out). It starts nothing and changes nothing. A file with errors is looked at as far as it could be read.

            **Time-outs** must hold `client ≥ total ≥ (1 + retries) × (connect + first-byte)` for every model. There is no pause between attempts. How long
            clients wait stands in no file of ours, so that `check` only says how long they must.

            **Ways past a control** (`skip`) are no mistakes by themselves: the list says what the configuration, as it is, lets pass without a look.

            | exit code | means |
            |---|---|
            | 0 | valid |
            | 1 | valid, with warnings, and `--strict` was given |
            | 2 | not valid; with `--strict` also when a model cannot be reached |

            `--json` prints `{"valid", "errors", "warnings", "notices", "skips"}`; each entry of a list is
            `{"code", "path", "file", "line", "column", "message", "remedy"}`. `path` is that of the key, such as `models.resnet.timeouts.total`, and empty
            for the whole file; `remedy` may be empty. Codes are stable, messages are not. Of one code there are at most 100, and one that counts the others.

            | code | list | means |
            |---|---|---|
            """;

    @TempDir
    Path directory;

    @Test
    void findsTimeOutsThatEndBeforeTheirAttempts() throws IOException {
        Function<String, List<String>> cascade = timeouts -> texts(FindingCode.TIMEOUT_CASCADE,
                "models:\n  m: {url: http://127.0.0.1:8000, " + timeouts + "}\n" + CALLER);
        assertThat(cascade.apply("timeouts: {connect: 1 s, first-byte: 10 s, total: 22 s}")).isEmpty();
        assertThat(cascade.apply("timeouts: {connect: 1 s, first-byte: 10 s, total: 21999 ms}")).containsExactly(
                "2:78: models.m.timeouts.total: 2 attempts × (connect 1 s + first-byte 10 s) = 22 s, and `total` ends the call after 21999 ms;"
                        + " shorten `first-byte` to `9999 ms`, lower `retries`, or lengthen `total` to `22 s`");
        assertThat(cascade.apply("retries: 0, timeouts: {connect: 1 s, first-byte: 10 s, total: 11 s}")).isEmpty();
        assertThat(cascade.apply("retries: 2, timeouts: {connect: 1 s, first-byte: 10 s, total: 32 s}")).hasSize(1);
        assertThat(cascade.apply("retries: 9, timeouts: {first-byte: 5 min}"))
                .containsExactly(
                        "2:58: models.m.timeouts.first-byte: 10 attempts × (connect 1 s + first-byte 300 s) = 3010 s,"
                                + " and `total` ends the call after 300 s; shorten `first-byte` to `29 s`, lower `retries`, or lengthen `total` to `3010 s`");
    }

    @Test
    void saysHowLongClientsMustWaitAndThatAStopDoesNot() throws IOException {
        String file =
                "models:\n  a: {url: http://127.0.0.1:8000}\n  b: {url: http://127.0.0.1:8000, timeouts: {total: 20 min}}\n"
                        + "callers:\n  app: {key: " + HASH + ", may: [a, b]}\n";
        assertThat(texts(FindingCode.CLIENT_TIMEOUT, file)).singleElement().asString()
                .startsWith("3:46: models.b.timeouts.total: a call may take 20 min; ");
        assertThat(texts(FindingCode.DRAIN_TIMEOUT, file)).singleElement().asString()
                .startsWith(
                        "1:1: limits.drain-millis: a stop breaks calls off after 30 s, and models.b may take 20 min; ");
        assertThat(texts(FindingCode.DRAIN_TIMEOUT, file + "limits: {drain-millis: 1200000}\n")).isEmpty();
    }

    @Test
    void findsCallersThatMayCallNothingAndModelsThatNobodyMayCall() throws IOException {
        String file = """
                models:
                  a: {versions: {"1": {url: http://127.0.0.1:1}, "2": {url: http://127.0.0.1:2}}, default: "1"}
                  b: {url: http://127.0.0.1:3}
                callers:
                  none: {key: HASH}
                  pattern: {key: HASH2, may: "x-*"}
                  some: {anonymous: true, may: [a@1, "x-*"]}
                """.replace("HASH2", OTHER_HASH).replace("HASH", HASH);
        assertThat(texts(FindingCode.GRANTS_NOTHING, file)).containsExactly(
                "5:3: callers.none: may call nothing; list models in `may`",
                "6:91: callers.pattern.may: matches no model, so this caller may call nothing; name models that are there");
        assertThat(texts(FindingCode.MODEL_UNCALLABLE, file)).containsExactly(
                "2:3: models.a: no caller may call a@2; add it to a caller's `may`, or remove it",
                "3:3: models.b: no caller may call it; add it to a caller's `may`, or remove it");
    }

    @Test
    void findsKeysThatHaveExpiredOrAreTheLastToExpire() throws IOException {
        Function<String, List<String>> expiry = keys -> Stream.of(FindingCode.KEY_EXPIRED, FindingCode.KEY_EXPIRES_SOON)
                .flatMap(code -> texts(code, MODEL + "callers:\n  app: {may: [m], keys: [" + keys + "]}\n").stream())
                .toList();
        assertThat(expiry.apply("{key: " + HASH + ", expires: 2026-06-01T12:00:00Z}")).singleElement().asString()
                .contains("callers.app.keys[0].expires: is refused since 2026-06-01; ");
        assertThat(expiry.apply("{key: " + HASH + ", expires: 2026-06-15T12:00:00Z}")).singleElement().asString()
                .contains(
                        "callers.app.keys[0].expires: expires on 2026-06-15, and no key of this caller lasts longer; ");
        assertThat(expiry.apply("{key: " + HASH + ", expires: 2026-06-15T12:00:01Z}")).isEmpty();
        assertThat(expiry.apply("{key: " + HASH + ", expires: 2026-06-10}, " + OTHER_HASH)).isEmpty();
    }

    @Test
    void findsWhatOthersOnTheMachineCanChange() throws IOException {
        Path file = write(MODEL + CALLER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(check(file).warnings()).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
        assertThat(check(file).warnings()).extracting(Finding::code).containsExactly(FindingCode.CONFIGURATION_EXPOSED);
    }

    @Test
    void findsALogThatCannotBeWritten() throws IOException {
        String log = "telemetry: {access-log: LOG}\n";
        assertThat(texts(FindingCode.LOG_UNWRITABLE, MODEL + CALLER + log.replace("LOG", "calls.log"))).isEmpty();
        assertThat(texts(FindingCode.LOG_UNWRITABLE, MODEL + CALLER + log.replace("LOG", "nowhere/calls.log")))
                .singleElement().asString()
                .startsWith("5:13: telemetry.access-log: " + directory.resolve("nowhere/calls.log")
                        + " cannot be written; ");
    }

    record Skip(FindingCode code, String file, String path) {
        @Override
        public String toString() {
            return code.code() + " " + file.lines().findFirst().orElse("");
        }
    }

    /** A configuration in which one control can be passed in one way. */
    static Stream<Skip> skips() {
        String held = "callers:\n  app: {key: " + HASH + ", may: [m], limit: 60/min, concurrency: 2, quota: 9/day}\n"
                + "spending: {journal: spent}\n";
        String guarded =
                "models:\n  m: {url: http://127.0.0.1:8000, protocol: h2, accepts: image/png, operations: POST /predict, answer: {accepts: application/json, reveal: {public: {top: 3}}}}\n";
        return Stream.of(
                new Skip(FindingCode.ANONYMOUS_CALLER, guarded + held.replace("key: " + HASH, "anonymous: true"),
                        "callers.app.anonymous"),
                new Skip(FindingCode.GRANTS_EVERYTHING, guarded + held.replace("[m]", "'*'"), "callers.app.may"),
                new Skip(FindingCode.FORGED_ADDRESSES, guarded + held + "proxies: [10.0.0.0/8, \"::/0\"]\n",
                        "proxies[1]"),
                new Skip(FindingCode.CALLER_UNLIMITED, guarded + held.replace("limit: 60/min, ", ""),
                        "callers.app.limit"),
                new Skip(FindingCode.CALLER_UNBOUNDED, guarded + held.replace("concurrency: 2, ", ""),
                        "callers.app.concurrency"),
                new Skip(FindingCode.CALLER_WITHOUT_QUOTA, guarded + held.replace(", quota: 9/day", ""),
                        "callers.app.quota"),
                new Skip(FindingCode.TENANT_UNLIMITED, guarded + held + "tenants: {acme: {}}\n", "tenants.acme"),
                new Skip(FindingCode.SPENDING_FORGOTTEN, guarded + held.replace("journal: spent", "journal: none"),
                        "spending.journal"),
                new Skip(FindingCode.BUDGET_WITHOUT_COST, guarded + held.replace("9/day", "9/day, budget: 5 USD/day"),
                        "callers.app.budget"),
                new Skip(FindingCode.PICTURES_UNREAD, guarded.replace("image/png", "image/png, images: off") + held,
                        "models.m.images"),
                new Skip(FindingCode.FORMS_UNREAD,
                        guarded.replace("image/png", "multipart/form-data, multipart: off") + held,
                        "models.m.multipart"),
                new Skip(FindingCode.JSON_UNREAD,
                        guarded.replace("image/png", "application/json, json: off") + held, "models.m.json"),
                new Skip(FindingCode.ANSWERS_SHOWN_WHOLE, guarded + held.replace("may:", "cohort: partner, may:"),
                        "models.m.answer.reveal"),
                new Skip(FindingCode.UNREAD_MEDIA_TYPES, guarded.replace("image/png", "[image/png, text/csv]") + held,
                        "models.m.accepts"),
                new Skip(FindingCode.TUNNELS,
                        guarded.replace("protocol: h2, ", "").replace("POST /predict", "[POST /predict, GET /live]")
                                + held,
                        "models"),
                new Skip(FindingCode.GRPC_MESSAGES, guarded.replace("image/png", "application/grpc") + held,
                        "models.m.accepts"),
                new Skip(FindingCode.UNENCRYPTED_CLIENTS, guarded + held + "listen: 0.0.0.0:80\nplain-text: allowed\n",
                        "listen"),
                new Skip(FindingCode.UNENCRYPTED_MODEL, guarded.replace("127.0.0.1", "model.example.org") + held,
                        "models.m"),
                new Skip(FindingCode.ADMIN_EXPOSED,
                        guarded + held + "admin: {address: 0.0.0.0:81, plain-text: allowed}\n", "admin"),
                new Skip(FindingCode.ANY_OPERATION, guarded.replace("operations: POST /predict, ", "") + held,
                        "models.m.operations"),
                new Skip(FindingCode.ANY_ANSWER_TYPE,
                        guarded.replace("accepts: application/json, ", "") + held, "models.m.answer.accepts"),
                new Skip(FindingCode.ERRORS_PASS, guarded.replace("/json", "/json, errors: passed") + held,
                        "models.m.answer.errors"),
                new Skip(FindingCode.COOKIES_PASS, guarded.replace("/json", "/json, cookies: allowed") + held,
                        "models.m.answer.cookies"),
                new Skip(FindingCode.UNREADABLE_ANSWERS_PASS,
                        guarded.replace("/json", "/json, unreadable: passed") + held, "models.m.answer.unreadable"),
                new Skip(FindingCode.NO_ACCESS_LOG, guarded + held + "telemetry: {access-log: none}\n",
                        "telemetry.access-log"));
    }

    @ParameterizedTest
    @MethodSource("skips")
    void listsEveryWayPastAControl(Skip skip) throws IOException {
        assertThat(check(write(skip.file())).skips()).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo(skip.code());
            assertThat(found.path()).isEqualTo(skip.path());
            assertThat(found.remedy()).isNotEmpty();
        });
    }

    @Test
    void whatTheTenantMayUseBoundsItsCallers() throws IOException {
        String text = MODEL + "callers:\n  app: {key: " + HASH + ", may: [m], tenant: acme}\n"
                + "tenants: {acme: {limit: 60/min, concurrency: 2, quota: 9/day}}\n";
        for (FindingCode code : List.of(FindingCode.CALLER_UNLIMITED, FindingCode.CALLER_UNBOUNDED,
                FindingCode.CALLER_WITHOUT_QUOTA, FindingCode.TENANT_UNLIMITED)) {
            assertThat(texts(code, text)).isEmpty();
            assertThat(texts(code, text.replace("{limit: 60/min, concurrency: 2, quota: 9/day}", "{}"))).hasSize(1);
        }
    }

    @Test
    void listsModelsThatTakeAnything() throws IOException {
        assertThat(texts(FindingCode.ANY_MEDIA_TYPE, MODEL + CALLER)).singleElement().asString()
                .startsWith("2:3: models.m.accepts: takes bodies of every media type");
    }

    @Test
    void looksAtWhatIsValidInAFileThatIsNot() throws IOException {
        CheckReport report = check(write("tls: {certificate: nowhere.pem, key: nowhere.key}\nwormhole: 1\n" + MODEL
                + "callers:\n  app: {key: " + HASH + ", may: [m, x]}\n  idle: {key: " + OTHER_HASH + "}\n"));
        assertThat(report.valid()).isFalse();
        assertThat(report.errors()).extracting(Finding::code).containsExactly(FindingCode.FILE_MISSING,
                FindingCode.FILE_MISSING, FindingCode.UNKNOWN_KEY, FindingCode.UNKNOWN_MODEL);
        assertThat(report.warnings()).extracting(Finding::path).containsExactly("callers.idle");
        assertThat(report.skips()).isNotEmpty();
    }

    @Test
    void findsAJournalThatCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve("occupied"), "");
        String spending = "spending: {journal: WHERE}\n";
        for (String where : List.of("spent", "none", ".", "a/b/c")) {
            assertThat(texts(FindingCode.JOURNAL_UNWRITABLE, MODEL + CALLER + spending.replace("WHERE", where)))
                    .isEmpty();
        }
        for (String where : List.of("occupied", "occupied/spent")) {
            assertThat(texts(FindingCode.JOURNAL_UNWRITABLE, MODEL + CALLER + spending.replace("WHERE", where)))
                    .singleElement().asString()
                    .startsWith("5:12: spending.journal: " + directory.resolve(where) + " cannot be written; ");
        }
    }

    @Test
    void aModelThatOffersNothingWithGetOpensNoTunnel() throws IOException {
        String text = MODEL.replace("}", ", operations: POST /predict}") + CALLER;
        assertThat(texts(FindingCode.TUNNELS, text)).isEmpty();
        assertThat(texts(FindingCode.TUNNELS, text.replace("POST /predict", "'* /predict'"))).hasSize(1);
    }

    @Test
    void findsCredentialsOfModelsThatOthersOnTheMachineCanRead() throws IOException {
        Path secret = Files.writeString(directory.resolve("token"), "opensesame");
        for (String credential : List.of("token", "{file: token}")) {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
            String text = "models:\n  m: {url: http://127.0.0.1:8000, credential: " + credential + "}\n" + CALLER;
            assertThat(texts(FindingCode.SECRET_EXPOSED, text)).containsExactly(
                    "2:35: models.m.credential: every user of this machine can read " + secret + "; chmod o= "
                            + secret);
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
            assertThat(texts(FindingCode.SECRET_EXPOSED, text)).isEmpty();
        }
    }

    @Test
    void listsAHundredOfAKindAndCountsTheOthers() throws IOException {
        String callers = Stream.iterate(1, number -> number <= 150, number -> number + 1)
                .map("  c%1$d: {key: sha256:%1$064x, may: [m]}\n"::formatted).collect(Collectors.joining());
        assertThat(texts(FindingCode.CALLER_UNLIMITED, MODEL + "callers:\n" + callers)).hasSize(Findings.MAX + 1)
                .contains("1:1: 50 more of these: limit: a caller has no rate");
    }

    @Test
    void everyCodeStandsOnItsPage() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (FindingCode code : FindingCode.values()) {
            page.append("| `%s` | %s | %s |%n".formatted(code.code(), code.severity().name().toLowerCase(Locale.ROOT),
                    code.meaning()));
        }
        GeneratedDocument.at("docs/reference/check.md").verify(page.toString());
    }

    private List<String> texts(FindingCode code, String text) {
        try {
            CheckReport report = check(write(text));
            assertThat(report.errors()).filteredOn(error -> error.code() != code).isEmpty();
            return Stream.of(report.errors(), report.warnings(), report.notices(), report.skips())
                    .flatMap(List::stream)
                    .filter(finding -> finding.code() == code)
                    .map(finding -> finding.toString().substring(finding.file().length() + 1))
                    .toList();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static CheckReport check(Path file) {
        return new ConfigurationCheck(InstantSource.fixed(NOW), true, false).of(file);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("sallyport.yaml"), text);
    }
}
