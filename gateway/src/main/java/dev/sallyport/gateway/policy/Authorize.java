package dev.sallyport.gateway.policy;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The control that asks the policy. What the policy does not permit is refused, and what does not exist likewise. */
public final class Authorize implements Control {
    private final Policy policy;
    private final Map<String, Offer> offers;

    /**
     * @param may       by caller id, what it may call: {@code model} (every version), {@code model@version}, or either with
     *                  {@code *} for any characters; {@code *} alone is everything. A caller without an entry may nothing
     * @param resources all that exist
     */
    public Authorize(Map<String, List<String>> may, Collection<Resource> resources) {
        this(may, resources, Map.of());
    }

    /** @param operations by resource id, all that the resource offers; one without an entry offers everything */
    public Authorize(Map<String, List<String>> may, Collection<Resource> resources,
            Map<String, List<Operation>> operations) {
        policy = new Grants(may, resources);
        Map<String, Offer> compiled = HashMap.newHashMap(operations.size());
        operations.forEach((resource, offered) -> compiled.put(resource, new Offer(offered)));
        offers = Map.copyOf(compiled);
    }

    @Override
    public String name() {
        return "authorize";
    }

    @Override
    public Verdict check(Call call) {
        Resource resource = call.resource();
        Refusal refusal = policy.refusal(requireNonNull(call.caller(), "caller is null"), call.action(), resource);
        if (refusal != null) {
            return refusal;
        }
        Offer offer = resource == null ? null : offers.get(resource.id());
        return offer == null ? Verdict.PASS : offer.verdict(call);
    }

    /** What one resource offers to those who may call it, and the one refusal for the rest. */
    private static final class Offer {
        private final List<Operation> operations;
        private final Refusal refusal;

        Offer(List<Operation> operations) {
            this.operations = List.copyOf(operations);
            refusal =
                    Refusal.of(RefusalCode.OPERATION_NOT_OFFERED, "The method and path are none that the model offers.")
                            .withMember("operations",
                                    operations.stream().limit(Grant.LISTED_MAX).map(Operation::toString).toList());
        }

        Verdict verdict(Call call) {
            for (int i = 0; i < operations.size(); i++) {
                if (operations.get(i).matches(call.request().method(), call.upstreamPath())) {
                    return Verdict.PASS;
                }
            }
            return refusal;
        }
    }
}
