package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.KeyConfiguration;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.identity.ApiKeyEntry;
import dev.sallyport.gateway.identity.FailedIdentifications;
import dev.sallyport.gateway.identity.Identify;
import dev.sallyport.gateway.inspect.BodyRule;
import dev.sallyport.gateway.inspect.Inspect;
import dev.sallyport.gateway.inspect.InspectionThreads;
import dev.sallyport.gateway.inspect.answer.AnswerRule;
import dev.sallyport.gateway.inspect.answer.InspectAnswer;
import dev.sallyport.gateway.limit.Accounts;
import dev.sallyport.gateway.limit.Charge;
import dev.sallyport.gateway.limit.ChargeRule;
import dev.sallyport.gateway.limit.Limit;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.limit.LimitState;
import dev.sallyport.gateway.pipeline.Snapshot;
import dev.sallyport.gateway.policy.Authorize;
import dev.sallyport.gateway.policy.Operation;
import dev.sallyport.gateway.route.ModelRoute;
import dev.sallyport.gateway.route.Router;
import dev.sallyport.gateway.upstream.UpstreamSpec;
import dev.sallyport.gateway.upstream.Upstreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles configurations into snapshots: everything that a call looks up, by name or id. */
final class SnapshotCompiler {
    private final Time time;
    private final LimitState limits;
    private final FailedIdentifications failures;
    private final Accounts accounts;
    private final Upstreams upstreams;
    private final InspectionThreads inspectionThreads;

    /**
     * @param limits    the counters, which outlive every snapshot
     * @param failures  likewise
     * @param accounts  what was used of quotas and budgets, likewise
     * @param upstreams likewise; what {@link Compiled#upstreams} says must be applied to them before a snapshot is used
     */
    SnapshotCompiler(Time time, LimitState limits, FailedIdentifications failures, Accounts accounts,
            Upstreams upstreams, InspectionThreads inspectionThreads) {
        this.time = requireNonNull(time, "time is null");
        this.limits = requireNonNull(limits, "limits is null");
        this.failures = requireNonNull(failures, "failures is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.upstreams = requireNonNull(upstreams, "upstreams is null");
        this.inspectionThreads = requireNonNull(inspectionThreads, "inspectionThreads is null");
    }

    /**
     * One compiled configuration.
     *
     * @param resources everything that can be called
     * @param upstreams where it is served
     * @param charge    the snapshot's control of quotas and budgets
     */
    record Compiled(Snapshot snapshot, List<Resource> resources, List<UpstreamSpec> upstreams, Charge charge) {}

    Compiled compile(Configuration configuration) {
        List<ModelRoute> routes = new ArrayList<>();
        List<Resource> resources = new ArrayList<>();
        List<UpstreamSpec> specs = new ArrayList<>();
        Map<String, LimitRule> modelLimits = new HashMap<>();
        Spending spending = new Spending(configuration);
        Map<String, ChargeRule> chargeRules = new HashMap<>();
        Map<String, BodyRule> bodyRules = new HashMap<>();
        Map<String, AnswerRule> answerRules = new HashMap<>();
        Map<String, List<Operation>> operations = new HashMap<>();
        configuration.models().forEach((name, model) -> {
            Map<String, Resource> versions = new HashMap<>();
            model.versions().forEach((version, served) -> {
                Resource resource = Resource.model(name, version, served.digest(), model.labels());
                versions.put(version, resource);
                resources.add(resource);
                specs.add(upstream(resource.id(), model, version));
                modelLimits.put(resource.id(), model.limit());
                chargeRules.put(resource.id(), spending.chargeRule(name, model));
                bodyRules.put(resource.id(), model.body());
                answerRules.put(resource.id(), AnswerRules.of(model, served));
                if (!model.operations().isEmpty()) {
                    operations.put(resource.id(), model.operations());
                }
            });
            routes.add(new ModelRoute(name, versions, model.defaultVersion(), model.hosts()));
        });
        Limit limit = new Limit(spending.limitRules(modelLimits), configuration.spending().zone(), limits);
        Charge charge = new Charge(limit, chargeRules, accounts);
        Snapshot snapshot = Snapshot.of(
                configuration.digest(),
                new Router(routes),
                identify(configuration),
                limit,
                new Authorize(grants(configuration), resources, operations),
                new Inspect(bodyRules, inspectionThreads),
                charge,
                List.of(new InspectAnswer(answerRules, inspectionThreads, time)),
                upstreams);
        return new Compiled(snapshot, List.copyOf(resources), List.copyOf(specs), charge);
    }

    private static UpstreamSpec upstream(String id, ModelConfiguration model, String version) {
        return new UpstreamSpec(
                id,
                requireNonNull(model.versions().get(version)).endpoints(),
                model.protocol(),
                model.timeouts(),
                model.tls(),
                model.connections(),
                model.retries(),
                model.retryBudget(),
                model.health(),
                model.preserveHost(),
                model.credential());
    }

    private Identify identify(Configuration configuration) {
        List<ApiKeyEntry> entries = new ArrayList<>();
        @Nullable Caller anonymous = null;
        for (Map.Entry<String, CallerConfiguration> entry : configuration.callers().entrySet()) {
            CallerConfiguration caller = entry.getValue();
            if (caller.anonymous()) {
                anonymous = Caller.anonymous(entry.getKey(), caller.tenant());
                continue;
            }
            Caller identified = Caller.bearer(entry.getKey(), caller.tenant(), caller.cohort());
            for (KeyConfiguration key : caller.keys()) {
                entries.add(new ApiKeyEntry(key.sha256(), key.expires(), identified));
            }
        }
        return new Identify(entries, anonymous, time, configuration.identification(), failures);
    }

    private static Map<String, List<String>> grants(Configuration configuration) {
        Map<String, List<String>> grants = new HashMap<>();
        configuration.callers().forEach((name, caller) -> grants.put(name, caller.may()));
        return grants;
    }
}
