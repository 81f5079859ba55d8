package dev.sallyport.bench;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.identity.ApiKey;
import dev.sallyport.gateway.identity.ApiKeyEntry;
import dev.sallyport.gateway.identity.FailedIdentifications;
import dev.sallyport.gateway.identity.FailureLimit;
import dev.sallyport.gateway.identity.Identify;
import dev.sallyport.gateway.limit.Limit;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.limit.Rate;
import dev.sallyport.gateway.policy.Authorize;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What each control costs a call, by the numbers of callers and models that the configuration names. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup comes before all
public class ControlsBenchmark {
    @Param({"100", "1000000"})
    int callers;

    @Param({"20", "10000"})
    int models;

    private final List<RequestHead> requests = new ArrayList<>();
    private final List<Caller> subjects = new ArrayList<>();
    private Resource[] resources = new Resource[0];
    private Peer peer;
    private Router router;
    private Control identify;
    private Control limit;
    private Control authorize;
    private int next;

    @Setup
    public void prepare() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
        peer = new Peer(address, address.getAddress(), address, false, null);
        resources = new Resource[models];
        List<ModelRoute> routes = new ArrayList<>();
        for (int i = 0; i < models; i++) {
            resources[i] = Resource.model("m" + i, "", null, Map.of());
            routes.add(new ModelRoute("m" + i, Map.of("", resources[i]), "", List.of()));
        }
        SecureRandom random = new SecureRandom();
        List<ApiKeyEntry> keys = new ArrayList<>();
        Map<String, LimitRule> limits = new HashMap<>();
        Map<String, List<String>> may = new HashMap<>();
        for (int i = 0; i < callers; i++) {
            Caller caller = Caller.bearer("caller" + i, Cohort.PARTNER);
            String key = ApiKey.make(random);
            keys.add(new ApiKeyEntry(ApiKey.sha256(key), null, caller));
            limits.put(caller.id(),
                    new LimitRule(List.of(new Rate(1_000_000, 1_000_000_000, 1_000_000, Rate.Scope.WHOLE)), 0));
            may.put(caller.id(), List.of("m" + i % models, "m" + (i + 7) % models));
            subjects.add(caller);
            requests.add(new RequestHead(Protocol.HTTP_1_1, "POST", "http", "127.0.0.1:8080",
                    "/m" + i % models + "/predict", null,
                    Headers.of("user-agent", "bench", "accept", "*/*", "content-type", "application/json", "x-api-key",
                            key),
                    1024, null));
        }
        router = new Router(routes);
        identify = new Identify(keys, null, Time.SYSTEM, FailureLimit.STANDARD,
                new FailedIdentifications(Time.SYSTEM, 1_000));
        limit = new Limit(limits, Map.of(), new LimitState(Time.SYSTEM, 100_000));
        authorize = new Authorize(may, List.of(resources));
    }

    @Benchmark
    public Call newCall() {
        return call();
    }

    @Benchmark
    public Call routed() {
        Call call = call();
        router.route(call);
        return call;
    }

    @Benchmark
    public Verdict identified() {
        return identify.check(call());
    }

    @Benchmark
    public Verdict limited() {
        Call call = call();
        call.identified(subjects.get(next));
        return limit.check(call);
    }

    @Benchmark
    public Verdict authorized() {
        Call call = call();
        call.identified(subjects.get(next));
        router.route(call);
        return authorize.check(call);
    }

    /** The next caller's call; each benchmark includes the cost of {@link #newCall}. */
    private Call call() {
        next = next + 1 == callers ? 0 : next + 1;
        long now = System.nanoTime();
        return new Call("call", requests.get(next), peer, new Timeline(now), 0, Deadline.after(now, 60_000_000_000L));
    }
}
