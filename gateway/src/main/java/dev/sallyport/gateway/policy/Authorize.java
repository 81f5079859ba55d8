package dev.sallyport.gateway.policy;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The control that asks the policy. What the policy does not permit is refused, and what does not exist likewise. */
public final class Authorize implements Control {
    private final Policy policy;

    /**
     * @param may       by caller id, what it may call: {@code model} (every version), {@code model@version}, or either with
     *                  {@code *} for any characters; {@code *} alone is everything. A caller without an entry may nothing
     * @param resources all that exist
     */
    public Authorize(Map<String, List<String>> may, Collection<Resource> resources) {
        policy = new Grants(may, resources);
    }

    @Override
    public String name() {
        return "authorize";
    }

    @Override
    public Verdict check(Call call) {
        Refusal refusal =
                policy.refusal(requireNonNull(call.caller(), "caller is null"), call.action(), call.resource());
        return refusal == null ? Verdict.PASS : refusal;
    }
}
