package dev.sallyport.app.check;

import dev.sallyport.app.check.Probe.Outcome;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.ClientTarget;
import dev.sallyport.gateway.http.ClientTls;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.LoopContext;
import dev.sallyport.gateway.http.Loops;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.HealthSpec;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec.ClientProtocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether every endpoint of every model takes a connection, with TLS where it is configured, and answers its health
 * check. Each try may take {@value #TRY_MILLIS} ms; {@value #PARALLEL} run at the same time, for {@value #ALL_MILLIS} ms in all.
 */
final class Reachability {
    private static final long TRY_MILLIS = 3_000;
    private static final long ALL_MILLIS = 60_000;
    private static final int PARALLEL = 64;

    private record Target(Place place, ModelConfiguration model, EndpointSpec endpoint) {}

    private final Semaphore turns = new Semaphore(PARALLEL);
    private final Map<TlsSpec, ClientTls> tls = new HashMap<>();
    private final Loops loops = Loops.nio(1, Time.SYSTEM, new SplittableRandom());
    private final LoopContext context = loops.contexts().iterator().next();
    private final ClientConnector connector = new ClientConnector(loops, Limits.DEFAULTS);
    private final long begunNanos = System.nanoTime();

    private Reachability() {}

    static void examine(Subject subject, Findings findings) {
        List<Target> targets = targets(subject);
        if (targets.isEmpty()) {
            return;
        }
        Reachability reachability = new Reachability();
        try {
            reachability.examine(targets, subject, findings);
        } finally {
            reachability.tls.values().forEach(ClientTls::release);
            reachability.loops.close();
        }
    }

    private void examine(List<Target> targets, Subject subject, Findings findings) {
        List<Future<Outcome>> tries = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Target target : targets) {
                tries.add(usable(target) ? threads.submit(() -> attempt(target))
                        : CompletableFuture.completedFuture(new Outcome.Reached()));
            }
        }
        int untried = 0;
        for (int i = 0; i < tries.size(); i++) {
            switch (outcome(tries.get(i))) {
                case null -> untried++;
                case Outcome.Reached() -> {}
                case Outcome.Unreachable(String reason) ->
                        findings.add(FindingCode.MODEL_UNREACHABLE, targets.get(i).place, reason,
                                "start the model, or correct the URL; `--offline` leaves this out");
                case Outcome.Unwell(String reason) ->
                        findings.add(FindingCode.HEALTH_FAILING, targets.get(i).place, reason,
                                "look at the model, or correct `health.path`");
            }
        }
        if (untried > 0) {
            findings.add(FindingCode.REACHABILITY_INCOMPLETE, subject.places().of("models"),
                    "%d endpoints were not tried within %s".formatted(untried, Durations.text(ALL_MILLIS)),
                    "correct the unreachable ones and check again");
        }
    }

    private static List<Target> targets(Subject subject) {
        List<Target> targets = new ArrayList<>();
        subject.configuration().models().forEach((name, model) -> {
            if (!subject.faulty("models", name)) {
                model.versions().forEach((version, served) -> {
                    List<String> keys = version.isEmpty() ? List.of("models", name)
                            : List.of("models", name, "versions", version);
                    for (int i = 0; i < served.endpoints().size(); i++) {
                        targets.add(new Target(place(subject, keys, i), model, served.endpoints().get(i)));
                    }
                });
            }
        });
        return targets;
    }

    private static Place place(Subject subject, List<String> above, int index) {
        List<Object> keys = new ArrayList<>(above);
        keys.add("url");
        if (!subject.places().has(keys.toArray())) {
            keys.set(above.size(), "urls");
            keys.add(index);
        }
        return subject.places().of(keys.toArray());
    }

    /** Whether the files for TLS can be used; when they cannot, that has been found elsewhere. */
    private boolean usable(Target target) {
        if (!target.endpoint.secure()) {
            return true;
        }
        TlsSpec spec = target.model.tls();
        try {
            tls.computeIfAbsent(spec, each -> ClientTls.load(each.trust(), each.certificate(), each.key()));
            return true;
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    private @Nullable Outcome attempt(Target target) throws InterruptedException, ExecutionException {
        turns.acquire();
        try {
            if (System.nanoTime() - begunNanos > TimeUnit.MILLISECONDS.toNanos(ALL_MILLIS)) {
                return null;
            }
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(target.endpoint.host()));
            return new Probe(context, target(target), question(target))
                    .begin(connector, addresses, TRY_MILLIS).get();
        } catch (UnknownHostException unknown) {
            return new Outcome.Unreachable(target.endpoint.hostAndPort() + ": its name was not found");
        } finally {
            turns.release();
        }
    }

    private static @Nullable Outcome outcome(Future<Outcome> tried) {
        try {
            return tried.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private ClientTarget target(Target target) {
        EndpointSpec endpoint = target.endpoint;
        TlsSpec spec = target.model.tls();
        String serverName = spec.serverName() == null ? endpoint.host() : spec.serverName();
        return new ClientTarget(endpoint.hostAndPort(), serverName, endpoint.port(),
                endpoint.secure() ? tls.get(spec) : null, version(target.model.protocol()));
    }

    private static ClientTarget.Version version(ClientProtocol protocol) {
        return switch (protocol) {
            case AUTOMATIC -> ClientTarget.Version.NEGOTIATED;
            case HTTP_1 -> ClientTarget.Version.HTTP_1;
            case HTTP_2 -> ClientTarget.Version.HTTP_2;
        };
    }

    private static @Nullable RequestHead question(Target target) {
        HealthSpec health = target.model.health();
        return health == null ? null
                : Probe.get(target.endpoint.hostAndPort(), target.endpoint.basePath() + health.path());
    }
}
