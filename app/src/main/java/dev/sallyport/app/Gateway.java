package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.admin.AdminHandler;
import dev.sallyport.app.admin.CertificateCollector;
import dev.sallyport.app.admin.GatewayCollector;
import dev.sallyport.app.admin.IdentificationCollector;
import dev.sallyport.app.admin.JournalCollector;
import dev.sallyport.app.admin.MetricsPage;
import dev.sallyport.app.admin.Readiness;
import dev.sallyport.app.admin.ReloadStatus;
import dev.sallyport.app.admin.SpendingCollector;
import dev.sallyport.app.admin.TraceCollector;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationErrors;
import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.ListenerConfiguration;
import dev.sallyport.app.config.LoadResult;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.http.Connections;
import dev.sallyport.gateway.http.ExchangeHandler;
import dev.sallyport.gateway.http.Listener;
import dev.sallyport.gateway.http.ListenerSpec;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.http.ServerTls;
import dev.sallyport.gateway.http.TlsReload;
import dev.sallyport.gateway.identity.FailedIdentifications;
import dev.sallyport.gateway.inspect.InspectionThreads;
import dev.sallyport.gateway.limit.Accounts;
import dev.sallyport.gateway.limit.Charge;
import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.limit.journal.Journal;
import dev.sallyport.gateway.pipeline.CallPath;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.upstream.Upstreams;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: all rooms, wired by plain constructors. Its methods may block, so they are not for event loops. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Gateway.class);
    /** Some 100 bytes each. */
    private static final int ADDRESS_COUNTERS_MAX = 200_000;
    private static final Duration CERTIFICATES_INTERVAL = Duration.ofSeconds(1);
    private static final long FILE_INTERVAL_MILLIS = 250;
    private static final long DRAIN_PATIENCE_MILLIS = 1_000;

    private final FixedSettings settings;
    private final Time time;
    private final ReloadStatus reloads;
    private final Metrics metrics;
    private final SnapshotCompiler compiler;
    private final Upstreams upstreams;
    private final LingeringUpstreams lingering = new LingeringUpstreams();
    private final Listeners listeners;
    private final Listener admin;
    private final CallPath path;
    private final ScheduledExecutorService chores;
    /** What is to be closed, the last opened first. */
    private final Deque<AutoCloseable> opened;
    private boolean retiring;
    private volatile Charge charge;
    private volatile boolean draining;

    /**
     * Starts a gateway with the clocks of the system and its standard output.
     *
     * @throws IllegalArgumentException when a file that the configuration names cannot be used; the message says which and why
     * @throws IOException              when an address cannot be bound, or the access log or the spending journal not be opened
     */
    public static Gateway start(Configuration configuration) throws IOException {
        return start(configuration, Time.SYSTEM, new SplittableRandom(), new FileOutputStream(FileDescriptor.out));
    }

    /**
     * Starts a gateway.
     *
     * @param seeds          for everything that is random and no secret
     * @param standardOutput where the access log goes that is configured to go there; never closed
     */
    public static Gateway start(Configuration configuration, Time time, SplittableRandom seeds,
            OutputStream standardOutput) throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return new Gateway(configuration, time, seeds, standardOutput, opened);
        } catch (IOException | RuntimeException failure) {
            closeAll(opened);
            throw failure;
        }
    }

    private Gateway(Configuration configuration, Time time, SplittableRandom seeds, OutputStream standardOutput,
            Deque<AutoCloseable> opened)
            throws IOException {
        settings = FixedSettings.of(configuration);
        this.time = requireNonNull(time, "time is null");
        this.opened = opened;
        ServerTls tls = configuration.certificates().isEmpty() ? null : tls(configuration);
        int loopCount = loops(configuration);
        Telemetry telemetry = open(Telemetry.open(configuration, loopCount, standardOutput, time, seeds));
        metrics = telemetry.metrics();
        Journal journal = Journals.open(configuration.spendingJournal(), time, loopCount);
        if (journal != null) {
            opened.push(journal);
        }
        Loops loops = open(new Loops(loopCount, time, seeds));
        upstreams = open(new Upstreams(loops, time));
        LimitState limits = new LimitState(time, ADDRESS_COUNTERS_MAX);
        FailedIdentifications failures = new FailedIdentifications(time, ADDRESS_COUNTERS_MAX);
        Accounts accounts = new Accounts(time, journal);
        compiler = new SnapshotCompiler(time, limits, failures, accounts, upstreams,
                open(new InspectionThreads()));
        SnapshotCompiler.Compiled compiled = compiler.compile(configuration);
        upstreams.apply(compiled.upstreams());
        lingering.change(compiled.upstreams(), time.nanos());
        metrics.apply(compiled.resources());
        charge = compiled.charge();
        path = new CallPath(loops, time, telemetry.sink(), telemetry.tracing(), compiled.snapshot());

        reloads = new ReloadStatus(time);
        Connections connections = new Connections(configuration.limits());
        List<MultiCollector> collectors = new ArrayList<>();
        collectors.add(metrics.collector());
        collectors.add(new GatewayCollector(reloads, upstreams::states, limits, connections::open,
                connections::refused, telemetry.accessLog()));
        collectors.add(new IdentificationCollector(failures));
        collectors.add(new SpendingCollector(() -> charge, accounts));
        if (journal != null) {
            journal.forgetRecovered();
            collectors.add(new JournalCollector(journal::figures));
        }
        if (telemetry.traces() != null) {
            collectors.add(new TraceCollector(telemetry.traces()));
        }
        if (tls != null) {
            collectors.add(new CertificateCollector(tls::expiries));
        }
        MetricsPage page = new MetricsPage(collectors);
        admin = open(listen(
                "admin", new ListenerSpec(configuration.admin().address(), null, List.of(), false), loops,
                new AdminHandler(this::readiness, page),
                new Connections(configuration.limits())));
        listeners = new Listeners(each -> listen("listen", spec(each, configuration, tls), loops, path, connections));
        opened.push(() -> listeners.drain(configuration.limits().drainMillis() + DRAIN_PATIENCE_MILLIS));
        listeners.change(configuration.listeners()).commit();
        reloads.applied(configuration.digest());

        chores = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("chores").daemon().factory());
        opened.push(chores::shutdownNow);
        if (tls != null) {
            tls.watch(chores, CERTIFICATES_INTERVAL, Gateway::report);
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    private ServerTls tls(Configuration configuration) {
        try {
            return open(ServerTls.load(configuration.certificates()));
        } catch (IOException unusable) {
            throw new IllegalArgumentException("tls: " + unusable.getMessage(), unusable);
        }
    }

    private static int loops(Configuration configuration) {
        Integer loops = configuration.loops();
        return loops == null ? Runtime.getRuntime().availableProcessors() : loops;
    }

    private static ListenerSpec spec(ListenerConfiguration listener, Configuration configuration,
            @Nullable ServerTls tls) {
        return new ListenerSpec(
                listener.address(), listener.secure() ? tls : null, configuration.proxies(),
                configuration.proxyProtocol());
    }

    private Listener listen(String key, ListenerSpec spec, Loops loops, ExchangeHandler handler,
            Connections connections) throws IOException {
        try {
            return Listener.open(spec, loops, settings.limits(), handler, connections);
        } catch (IOException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("cannot listen on %s: %s; end what listens there, or change `%s`"
                    .formatted(Addresses.text(spec.address()), cause.getMessage(), key), failure);
        }
    }

    /** Where calls are taken, such as {@code https://127.0.0.1:8443}; the ports are those that were chosen. */
    public List<String> urls() {
        return listeners.urls();
    }

    /** Where health and metrics are served. */
    public String adminUrl() {
        return "http://" + Addresses.text(admin.address());
    }

    public Readiness readiness() {
        return new Readiness(draining, listeners.addresses(), reloads.state());
    }

    /** Looks for changes of {@code file} several times a second, and applies them. */
    public void watch(Path file) {
        ConfigurationWatcher watcher = new ConfigurationWatcher(file, reloads.state().digest(), this::reload);
        chores.scheduleWithFixedDelay(() -> look(watcher), FILE_INTERVAL_MILLIS, FILE_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** A chore that throws would never be done again. */
    private static void look(ConfigurationWatcher watcher) {
        try {
            watcher.look();
        } catch (RuntimeException failure) {
            LOGGER.error("The configuration file could not be looked at", failure);
        }
    }

    /** Lets calls that begin from now on see {@code result}; one that is bad or cannot be applied changes nothing. */
    public synchronized ReloadOutcome reload(LoadResult result) {
        ReloadOutcome outcome = switch (result) {
            case ConfigurationErrors(List<Finding> errors) -> new ReloadOutcome.Kept(errors.getFirst()
                    + (errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more; `check` shows them)"));
            case Configuration configuration -> apply(configuration);
        };
        switch (outcome) {
            case ReloadOutcome.Kept(String reason) -> {
                reloads.failed(reason);
                LOGGER.error("The configuration is refused, the one before it stays: {}", reason);
            }
            case ReloadOutcome.Applied(List<String> restartNeeded) -> {
                LOGGER.info("The configuration is applied: {}", reloads.state().digest());
                if (!restartNeeded.isEmpty()) {
                    LOGGER.warn("Restart for the change of {} to take effect", String.join(", ", restartNeeded));
                }
            }
        }
        return outcome;
    }

    private ReloadOutcome apply(Configuration next) {
        if (draining) {
            return new ReloadOutcome.Kept("the gateway is shutting down");
        }
        SnapshotCompiler.Compiled compiled = compiler.compile(next);
        Listeners.Change change;
        try {
            proveCertificates(next);
            change = listeners.change(
                    next.certificates().equals(settings.certificates()) ? next.listeners()
                            : listeners.configurations());
        } catch (IOException unavailable) {
            return new ReloadOutcome.Kept(String.valueOf(unavailable.getMessage()));
        }
        try {
            upstreams.apply(lingering.with(compiled.upstreams(), time.nanos()));
        } catch (IllegalArgumentException unusable) {
            change.rollBack();
            return new ReloadOutcome.Kept(String.valueOf(unusable.getMessage()));
        }
        lingering.change(compiled.upstreams(), time.nanos());
        metrics.apply(compiled.resources());
        path.swap(compiled.snapshot());
        charge = compiled.charge();
        change.commit();
        reloads.applied(next.digest());
        retireLater();
        return new ReloadOutcome.Applied(settings.changedBy(FixedSettings.of(next)));
    }

    /** Others than those in use are taken by the next start, which must not be the first to find them unusable. */
    private void proveCertificates(Configuration next) throws IOException {
        if (!next.certificates().isEmpty() && !next.certificates().equals(settings.certificates())) {
            ServerTls.load(next.certificates()).close();
        }
    }

    private void retireLater() {
        if (lingering.any() && !retiring) {
            retiring = true;
            chores.schedule(this::retire, LingeringUpstreams.LINGER_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void retire() {
        retiring = false;
        try {
            upstreams.apply(lingering.remaining(time.nanos()));
        } catch (IllegalArgumentException unusable) {
            LOGGER.warn("Upstreams that are no longer configured stay until the next change: {}",
                    unusable.getMessage());
        }
        retireLater();
    }

    private static void report(TlsReload outcome) {
        switch (outcome) {
            case TlsReload.Loaded(List<String> names) -> LOGGER.info("New certificates are in use, for {}", names);
            case TlsReload.Kept(String reason) ->
                    LOGGER.error("The certificates are refused, those before stay: {}", reason);
            case TlsReload.Unchanged _ -> {}
        }
    }

    /**
     * Takes no new calls, lets those under way end for as long as the limit for draining allows, and closes everything.
     * A second request does nothing.
     */
    @Override
    public void close() {
        draining = true;
        synchronized (this) {
            closeAll(opened);
        }
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                LOGGER.warn("Something could not be closed", failure);
            }
        }
    }
}
