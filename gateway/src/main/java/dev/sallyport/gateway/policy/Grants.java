package dev.sallyport.gateway.policy;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code may} lists, compiled. Callers with equal lists share what is compiled from them. */
final class Grants implements Policy {
    private final Map<String, Grant> byCaller;
    private final Grant nothing;

    Grants(Map<String, List<String>> may, Collection<Resource> resources) {
        ResourceIndex index = new ResourceIndex(resources);
        nothing = Grant.of(List.of(), index);
        Map<List<String>, Grant> byList = new HashMap<>();
        Map<String, Grant> compiled = HashMap.newHashMap(may.size());
        may.forEach((caller, entries) -> compiled.put(caller,
                byList.computeIfAbsent(entries, list -> Grant.of(list, index))));
        byCaller = Map.copyOf(compiled);
    }

    @Override
    public @Nullable Refusal refusal(Caller caller, Action action, @Nullable Resource resource) {
        Grant grant = byCaller.get(caller.id());
        if (grant == null) {
            return nothing.refusal();
        }
        return action == Action.INVOKE && resource != null && grant.resources().contains(resource.id()) ? null
                : grant.refusal();
    }
}
