package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Resource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All owners of limits, and which of them a call concerns. */
final class Scopes {
    private static final String GATEWAY = "";

    private final Map<Owner, Gate> gates = new EnumMap<>(Owner.class);
    /** The one id of a caller on a model, by the ids of both. */
    private final Map<String, Map<String, String>> pairs;

    Scopes(LimitRules rules, WindowClocks clocks, LimitState state) {
        Map<String, LimitRule> pairRules = new HashMap<>();
        Map<String, Map<String, String>> pairIds = HashMap.newHashMap(rules.callersOnModels().size());
        rules.callersOnModels().forEach((caller, models) -> {
            Map<String, String> ids = new HashMap<>();
            models.forEach((model, rule) -> {
                String id = caller + " " + model;
                ids.put(model, id);
                pairRules.put(id, rule);
            });
            pairIds.put(caller, Map.copyOf(ids));
        });
        pairs = Map.copyOf(pairIds);
        gates.put(Owner.CALLER_MODEL, new Gate(Owner.CALLER_MODEL, pairRules, clocks, state));
        gates.put(Owner.CALLER, new Gate(Owner.CALLER, rules.callers(), clocks, state));
        gates.put(Owner.MODEL, new Gate(Owner.MODEL, rules.models(), clocks, state));
        gates.put(Owner.TENANT, new Gate(Owner.TENANT, rules.tenants(), clocks, state));
        gates.put(Owner.GATEWAY, new Gate(Owner.GATEWAY, Map.of(GATEWAY, rules.gateway()), clocks, state));
    }

    Gate gate(Owner owner) {
        return requireNonNull(gates.get(owner));
    }

    /** Under which id the rule stands that applies to the call; null when none can. */
    @Nullable
    String id(Owner owner, Call call) {
        return switch (owner) {
            case CALLER_MODEL -> {
                Map<String, String> models = pairs.isEmpty() ? null : pairs.get(caller(call).id());
                yield models == null ? null : models.get(resource(call).name());
            }
            case CALLER -> caller(call).id();
            case MODEL -> resource(call).id();
            case TENANT -> caller(call).tenant();
            case GATEWAY -> GATEWAY;
        };
    }

    /** The rule of {@code owner} that applies to the call; null when there is none. */
    @Nullable
    CompiledRule rule(Owner owner, Call call) {
        String id = id(owner, call);
        return id == null ? null : gate(owner).rule(id);
    }

    /** Under which id quotas and budgets are counted; all versions of a model share theirs. */
    String accountId(Owner owner, Call call) {
        return owner == Owner.MODEL ? resource(call).name() : requireNonNull(id(owner, call));
    }

    /** The name of the model that a resource id belongs to. */
    static String modelOf(String resourceId) {
        int at = resourceId.indexOf('@');
        return at < 0 ? resourceId : resourceId.substring(0, at);
    }

    static Caller caller(Call call) {
        return requireNonNull(call.caller(), "caller is null");
    }

    static Resource resource(Call call) {
        return requireNonNull(call.resource(), "resource is null");
    }
}
