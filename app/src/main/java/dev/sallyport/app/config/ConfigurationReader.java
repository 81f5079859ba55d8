package dev.sallyport.app.config;

import dev.sallyport.app.config.SectionReader.Located;
import dev.sallyport.gateway.http.CertificateFiles;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.identity.FailureLimit;
import dev.sallyport.gateway.limit.Rate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the whole file: its own keys, and through their readers the models and the callers. */
final class ConfigurationReader {
    private static final InetSocketAddress DEFAULT_LISTEN = new InetSocketAddress(loopback(), 8080);
    private static final InetSocketAddress DEFAULT_ADMIN = new InetSocketAddress(loopback(), 8081);

    private static final String DEFAULT_JOURNAL = "sallyport.spending";

    private final SectionReader root;
    private final Directory directory;
    private final Problems problems;

    ConfigurationReader(YamlNode root, Path directory, Problems problems) {
        this.root = SectionReader.of(RootKeys.SECTION, root, "", root.position(), problems);
        this.directory = new Directory(directory);
        this.problems = problems;
    }

    /** Reads everything; what cannot be read is among the problems, and has its default or is absent. */
    Configuration read(String digest) {
        List<CertificateFiles> certificates = certificates();
        List<ListenerConfiguration> listeners = listeners(root.has(RootKeys.TLS));
        ListenerConfiguration admin = new ListenerConfiguration(admin(listeners), false);
        List<Located<Network>> proxies = root.located(RootKeys.PROXIES);
        boolean proxyProtocol = proxyProtocol(proxies);
        SectionReader limitsReader = root.section(RootKeys.LIMITS);
        Limits limits = limitsReader == null ? Limits.DEFAULTS : LimitKeys.read(limitsReader);
        SectionReader telemetry = root.section(RootKeys.TELEMETRY);
        AccessLogTarget accessLog = TelemetryKeys.accessLog(telemetry, directory);
        TraceConfiguration traces = TelemetryKeys.traces(telemetry, directory);
        Integer loops = root.optional(RootKeys.LOOPS);

        SpendingReader spendingReader = new SpendingReader();
        ModelsReader modelsReader = new ModelsReader(root, directory, spendingReader);
        Map<String, ModelConfiguration> models = modelsReader.read();
        SpendingConfiguration spending = spendingReader.whole(root);
        Map<String, CallerConfiguration> callers =
                new CallersReader(root, modelsReader.versionsByModel(), spendingReader, spending).read();
        SpendingJournal spendingJournal = spendingJournal(spendingReader.allowed());
        FailureLimit identification = identification();
        noticeAbsence();
        if (problems.any() && certificates.isEmpty()) {
            // Their files are missing: what listens can be looked at all the same.
            listeners = listeners.stream().map(each -> new ListenerConfiguration(each.address(), false)).toList();
        }
        return new Configuration(
                digest, listeners, admin, certificates, proxies.stream().map(Located::value).toList(), proxyProtocol,
                loops, limits, accessLog, traces, spendingJournal, identification, spending, models,
                callers, problems.notices());
    }

    private List<CertificateFiles> certificates() {
        List<CertificateFiles> certificates = new ArrayList<>();
        for (SectionReader tls : root.sections(RootKeys.TLS)) {
            Path certificate = directory.readable(tls, RootKeys.CERTIFICATE);
            Path key = directory.readable(tls, RootKeys.PRIVATE_KEY);
            if (tls.broken()) {
                continue;
            }
            if (!tls.has(RootKeys.CERTIFICATE) || !tls.has(RootKeys.PRIVATE_KEY)) {
                tls.error(tls.position(), tls.path() + " needs both `certificate` and `key`");
            } else if (certificate != null && key != null) {
                certificates.add(new CertificateFiles(certificate, key));
            }
        }
        if (root.emptyList(RootKeys.TLS)) {
            root.error(RootKeys.TLS, "the list is empty; name a `certificate` and its `key`, or remove `tls`");
        }
        return certificates;
    }

    private List<ListenerConfiguration> listeners(boolean tls) {
        boolean plainText = root.optional(RootKeys.PLAIN_TEXT) != null;
        if (plainText && tls) {
            root.error(RootKeys.PLAIN_TEXT, "goes against `tls`, which makes listeners secure;"
                    + " for one that is not, write `listen: [{address: …, plain-text: allowed}]`");
        }
        if (!root.has(RootKeys.LISTEN)) {
            return List.of(new ListenerConfiguration(DEFAULT_LISTEN, tls));
        }
        List<ListenerConfiguration> listeners = new ArrayList<>();
        Set<InetSocketAddress> taken = new HashSet<>();
        for (SectionReader reader : root.sections(RootKeys.LISTEN)) {
            boolean plainHere = reader.optional(RootKeys.LISTENER_PLAIN_TEXT) != null;
            boolean secure = tls && !plainHere;
            InetSocketAddress address = address(reader, RootKeys.ADDRESS);
            if (address == null) {
                continue;
            }
            if (!secure && !plainHere && !plainText && !address.getAddress().isLoopbackAddress()) {
                reader.error(RootKeys.ADDRESS, "credentials would pass in plain text where others can listen;"
                        + " configure `tls`, listen on 127.0.0.1, or say `plain-text: allowed`");
            }
            if (address.getPort() != 0 && !taken.add(address)) {
                reader.error(RootKeys.ADDRESS, "this address is in the list twice; keep one of them");
            }
            listeners.add(new ListenerConfiguration(address, secure));
        }
        if (root.emptyList(RootKeys.LISTEN)) {
            root.error(RootKeys.LISTEN, "the list is empty; name an address such as `127.0.0.1:8080`");
        }
        if (tls && !listeners.isEmpty() && listeners.stream().noneMatch(ListenerConfiguration::secure)) {
            root.error(RootKeys.TLS,
                    "no listener speaks TLS, as each says `plain-text: allowed`; remove `tls`, or that");
        }
        return listeners;
    }

    private InetSocketAddress admin(List<ListenerConfiguration> listeners) {
        SectionReader reader = root.section(RootKeys.ADMIN);
        InetSocketAddress address = reader == null ? DEFAULT_ADMIN : address(reader, RootKeys.ADDRESS);
        if (reader == null || address == null) {
            return DEFAULT_ADMIN;
        }
        if (!address.getAddress().isLoopbackAddress() && reader.optional(RootKeys.ADMIN_PLAIN_TEXT) == null) {
            root.error(RootKeys.ADMIN,
                    "whoever reaches " + Shown.plainly(address.getAddress().getHostAddress())
                            + " could read health and metrics;"
                            + " listen on 127.0.0.1, or write `admin: {address: …, plain-text: allowed}`");
        }
        if (address.getPort() != 0 && listeners.stream().anyMatch(listener -> listener.address().equals(address))) {
            root.error(RootKeys.ADMIN, "`listen` takes this address already; choose another port");
        }
        return address;
    }

    private static @Nullable InetSocketAddress address(SectionReader reader, Key<InetSocketAddress> key) {
        if (!reader.has(key) && !reader.broken()) {
            reader.error(reader.position(), reader.path() + " needs `address`");
        }
        return reader.optional(key);
    }

    private boolean proxyProtocol(List<Located<Network>> proxies) {
        boolean proxyProtocol = root.value(RootKeys.PROXY_PROTOCOL);
        if (proxyProtocol && (root.emptyList(RootKeys.PROXIES) || !root.has(RootKeys.PROXIES))) {
            root.error(RootKeys.PROXY_PROTOCOL,
                    "nobody's header would be believed; list the load balancer's network in `proxies`");
        }
        for (Located<Network> network : proxies) {
            if (network.value().toString().endsWith("/0")) {
                problems.notice(FindingCode.PROXIES_EVERYWHERE, network.position(),
                        "proxies: " + network.value()
                                + " lets every client choose the address that limits see; name the networks of your load balancers only");
            }
        }
        return proxyProtocol && !proxies.isEmpty();
    }

    /** @param allowed whether there is a quota or budget to remember */
    private SpendingJournal spendingJournal(boolean allowed) {
        SectionReader spending = root.section(RootKeys.SPENDING);
        String journal = spending == null ? null : spending.optional(RootKeys.JOURNAL);
        if (spending != null && allowed && "none".equals(journal)) {
            spending.notice(RootKeys.JOURNAL,
                    "a restart forgets what was used of quotas and budgets; name a directory to remember it");
        }
        String directoryName = journal == null && allowed ? DEFAULT_JOURNAL : journal;
        return directoryName == null || directoryName.equals("none")
                ? new SpendingJournal.None()
                : new SpendingJournal.In(directory.resolve(directoryName));
    }

    private FailureLimit identification() {
        SectionReader reader = root.section(RootKeys.IDENTIFICATION);
        if (reader == null) {
            return FailureLimit.STANDARD;
        }
        Rate failures = reader.value(RootKeys.FAILURES);
        long delayMax = TimeUnit.MILLISECONDS.toNanos(reader.value(RootKeys.DELAY_MAX));
        if (delayMax < TimeUnit.SECONDS.toNanos(1)) {
            reader.error(RootKeys.DELAY_MAX, "is below `1 s`, the first delay");
            return FailureLimit.STANDARD;
        }
        return new FailureLimit(failures.count(), failures.periodNanos(), delayMax);
    }

    private void noticeAbsence() {
        Map<Section.Item, String> absent = new LinkedHashMap<>();
        absent.put(RootKeys.MODELS, "there are no `models`, so nothing can be called");
        absent.put(RootKeys.CALLERS, "there are no `callers`, so every call is refused");
        absent.forEach((key, message) -> {
            if (!root.has(key)) {
                problems.notice(root.position(), message);
            }
        });
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }
}
