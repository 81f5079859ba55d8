package dev.sallyport.app.config;

import dev.sallyport.app.config.SectionReader.Located;
import dev.sallyport.gateway.inspect.BodyRule;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.policy.Operation;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.HealthSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamCredential;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one model. */
final class ModelReader {
    private final SectionReader reader;
    private final Directory directory;
    private final SpendingReader spending;
    private final Map<String, SectionReader> versionReaders;

    ModelReader(SectionReader reader, Directory directory, SpendingReader spending) {
        this.reader = reader;
        this.directory = directory;
        this.spending = spending;
        versionReaders = reader.named(ModelKeys.VERSIONS);
    }

    /** The versions that the model names; none when it has no versions. */
    Set<String> versionNames() {
        return new LinkedHashSet<>(versionReaders.keySet());
    }

    /** The model; null when it is not served anywhere, which is then among the problems. */
    @Nullable
    ModelConfiguration read() {
        if (reader.broken()) {
            return null;
        }
        Map<String, VersionConfiguration> versions = versions();
        String defaultVersion = defaultVersion();
        TlsSpec tls = tls(versions);
        Timeouts timeouts = timeouts(reader.section(ModelKeys.TIMEOUTS));
        HealthSpec health = health(reader.section(ModelKeys.HEALTH));
        Map<String, String> labels = reader.texts(ModelKeys.LABELS);
        List<String> accepts = reader.values(ModelKeys.ACCEPTS);
        LimitRule limit = spending.rule(reader, ModelKeys.LIMIT, ModelKeys.CONCURRENCY);
        CostConfiguration cost = spending.cost(reader);
        BodyRule body = new BodyRule(
                reader.value(ModelKeys.BODY), accepts, ContentReader.read(reader, accepts, cost, directory));
        if (reader.emptyList(ModelKeys.ACCEPTS)) {
            reader.error(ModelKeys.ACCEPTS,
                    "the list is empty, so nothing could be sent; remove it to accept any media type");
        }
        List<String> hosts = reader.values(ModelKeys.HOSTS);
        var protocol = reader.value(ModelKeys.PROTOCOL);
        int connections = reader.value(ModelKeys.CONNECTIONS);
        int retries = reader.value(ModelKeys.RETRIES);
        double retryBudget = reader.value(ModelKeys.RETRY_BUDGET);
        boolean preserveHost = reader.value(ModelKeys.PRESERVE_HOST);
        AnswerConfiguration answer = AnswerReader.read(reader.section(AnswerKeys.ANSWER));
        List<Operation> operations = reader.values(ModelKeys.OPERATIONS);
        if (reader.emptyList(ModelKeys.OPERATIONS)) {
            reader.error(ModelKeys.OPERATIONS,
                    "the list is empty, so nothing could be asked; remove it to offer everything");
        }
        UpstreamCredential credential = CredentialReader.read(reader.sections(ModelKeys.CREDENTIAL), directory);
        if (defaultVersion == null || !versions.containsKey(defaultVersion)) {
            return null;
        }
        return new ModelConfiguration(
                versions, defaultVersion, labels, body, timeouts, hosts, protocol, tls, connections, retries,
                retryBudget, health, limit, preserveHost, answer, operations, credential, cost);
    }

    private Map<String, VersionConfiguration> versions() {
        if (Stream.of(ModelKeys.URL, ModelKeys.URLS, ModelKeys.VERSIONS).filter(reader::has).count() > 1) {
            Section.Item second = reader.has(ModelKeys.VERSIONS) ? ModelKeys.VERSIONS : ModelKeys.URLS;
            reader.error(second, "a model has either `url`, or `urls`, or `versions`; keep one of them");
            return Map.of();
        }
        if (!reader.has(ModelKeys.VERSIONS)) {
            VersionConfiguration only = version(reader, "`url`, `urls` or `versions`");
            return only == null ? Map.of() : Map.of("", only);
        }
        if (reader.has(ModelKeys.DIGEST)) {
            reader.error(ModelKeys.DIGEST, "each version has its own; put it there");
        }
        if (versionReaders.isEmpty()) {
            reader.error(ModelKeys.VERSIONS,
                    "there is no version; write for example `\"1\": {url: http://127.0.0.1:8000}`");
        }
        Map<String, VersionConfiguration> versions = new LinkedHashMap<>();
        versionReaders.forEach((name, versionReader) -> {
            VersionConfiguration version = version(versionReader, "`url` or `urls`");
            if (version != null) {
                versions.put(name, version);
            }
        });
        return versions;
    }

    private static @Nullable VersionConfiguration version(SectionReader reader, String choices) {
        if (reader.broken()) {
            return null;
        }
        String digest = reader.optional(ModelKeys.DIGEST);
        boolean url = reader.has(ModelKeys.URL);
        boolean urls = reader.has(ModelKeys.URLS);
        if (url && urls) {
            reader.error(ModelKeys.URLS, "`url` is there too; keep one of them");
            return null;
        }
        if (!url && !urls) {
            reader.error(reader.position(), reader.path() + " is not served anywhere; it needs " + choices);
            return null;
        }
        List<Located<EndpointSpec>> endpoints = reader.located(url ? ModelKeys.URL : ModelKeys.URLS);
        Set<EndpointSpec> seen = new HashSet<>();
        for (Located<EndpointSpec> endpoint : endpoints) {
            if (!seen.add(endpoint.value())) {
                reader.error(endpoint.position(),
                        reader.path() + ".urls: this place is in the list twice; keep one of them");
            }
        }
        if (endpoints.isEmpty()) {
            if (reader.emptyList(ModelKeys.URLS)) {
                reader.error(ModelKeys.URLS, "the list is empty; name at least one URL");
            }
            return null;
        }
        return new VersionConfiguration(
                List.copyOf(seen.size() == endpoints.size() ? endpoints.stream().map(Located::value).toList() : seen),
                digest);
    }

    private @Nullable String defaultVersion() {
        String chosen = reader.optional(ModelKeys.DEFAULT);
        if (!reader.has(ModelKeys.VERSIONS)) {
            if (reader.has(ModelKeys.DEFAULT)) {
                reader.error(ModelKeys.DEFAULT, "there are no `versions` to choose from; remove it");
            }
            return "";
        }
        if (chosen != null && !versionReaders.containsKey(chosen)) {
            reader.error(ModelKeys.DEFAULT, "there is no version " + Shown.quoted(chosen) + "; there are "
                    + String.join(", ", versionReaders.keySet()) + Nearest.hint(chosen, versionReaders.keySet()));
            return null;
        }
        if (!reader.has(ModelKeys.DEFAULT) && versionReaders.size() > 1) {
            reader.error(ModelKeys.VERSIONS, "say with `default` which of them answers when the path names none");
            return null;
        }
        return chosen == null && versionReaders.size() == 1 ? versionReaders.keySet().iterator().next() : chosen;
    }

    private Timeouts timeouts(@Nullable SectionReader given) {
        if (given == null) {
            return Timeouts.DEFAULTS;
        }
        long total = given.value(ModelKeys.TOTAL);
        List<Long> parts = new ArrayList<>();
        for (Key<Long> key : List.of(ModelKeys.CONNECT, ModelKeys.FIRST_BYTE, ModelKeys.IDLE)) {
            Long part = given.optional(key);
            if (part != null && part > total) {
                given.error(key, "is longer than `total` (" + total
                        + " ms), which would end the call before; shorten it, or lengthen `total`");
            }
            parts.add(Math.min(part == null ? key.fallbackValue() : part, total));
        }
        return new Timeouts(parts.get(0), parts.get(1), parts.get(2), total);
    }

    private @Nullable HealthSpec health(@Nullable SectionReader given) {
        if (given == null) {
            return null;
        }
        long interval = given.value(ModelKeys.HEALTH_INTERVAL);
        Long timeout = given.optional(ModelKeys.HEALTH_TIMEOUT);
        if (timeout != null && timeout > interval) {
            given.error(ModelKeys.HEALTH_TIMEOUT,
                    "is longer than `interval` (" + interval + " ms); shorten it, or lengthen `interval`");
        }
        return new HealthSpec(
                given.value(ModelKeys.HEALTH_PATH), interval,
                Math.min(timeout == null ? ModelKeys.HEALTH_TIMEOUT.fallbackValue() : timeout, interval),
                given.value(ModelKeys.HEALTH_FAILURES), given.value(ModelKeys.HEALTH_SUCCESSES));
    }

    private TlsSpec tls(Map<String, VersionConfiguration> versions) {
        SectionReader given = reader.section(ModelKeys.TLS);
        if (given == null) {
            return TlsSpec.DEFAULTS;
        }
        boolean secure = versions.values().stream().flatMap(version -> version.endpoints().stream())
                .anyMatch(EndpointSpec::secure);
        if (!secure && !versions.isEmpty()) {
            reader.error(ModelKeys.TLS, "no URL of the model begins with `https://`; change the URL, or remove `tls`");
        }
        List<Path> trust = given.located(ModelKeys.TRUST).stream()
                .map(file -> directory.readable(given, file.value(), file.position()))
                .filter(Objects::nonNull)
                .toList();
        if (given.emptyList(ModelKeys.TRUST)) {
            given.error(ModelKeys.TRUST,
                    "the list is empty, so no certificate could be trusted; remove it to trust those of the Java platform");
        }
        Path certificate = directory.readable(given, ModelKeys.TLS_CERTIFICATE);
        Path key = directory.readable(given, ModelKeys.TLS_KEY);
        String serverName = given.optional(ModelKeys.SERVER_NAME);
        if (given.has(ModelKeys.TLS_CERTIFICATE) != given.has(ModelKeys.TLS_KEY)) {
            given.error(given.position(), given.path() + ": `certificate` and `key` go together; name both, or none");
        }
        boolean both = certificate != null && key != null;
        return new TlsSpec(trust, both ? certificate : null, both ? key : null, serverName);
    }
}
