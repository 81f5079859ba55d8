package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;

/**
 * The control that looks at what a request carries: the media type and the length of its body.
 *
 * <p>Only a body is looked at, so a GET without one needs no type. The bytes of a tunnel are no body: a WebSocket is
 * bounded by its idle and total time-outs alone. All messages of a gRPC call's request stream are one body, and
 * {@code application/grpc} among the accepted types stands for its {@code +proto} and {@code +json} forms as well.
 * Lengths count what is transferred, before any content coding is undone.
 */
public final class Inspect implements Control {
    private final Map<String, CompiledBodyRule> byResource;

    /** @param byResource the rule of every resource, by its id; a resource without one is refused */
    public Inspect(Map<String, BodyRule> byResource) {
        Map<BodyRule, CompiledBodyRule> shared = new HashMap<>();
        Map<String, CompiledBodyRule> compiled = HashMap.newHashMap(byResource.size());
        byResource.forEach(
                (resource, rule) -> compiled.put(resource, shared.computeIfAbsent(rule, CompiledBodyRule::new)));
        this.byResource = Map.copyOf(compiled);
    }

    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public Verdict check(Call call) {
        CompiledBodyRule rule = rule(call);
        RequestHead request = call.request();
        if (!request.hasBody() || request.upgrade() != null) {
            return Verdict.PASS;
        }
        if (!rule.acceptsType(request.headers())) {
            return rule.wrongType();
        }
        return request.contentLength() > rule.bytesMax() ? rule.tooLarge() : Verdict.PASS;
    }

    @Override
    public BodyNeed body(Call call) {
        RequestHead request = call.request();
        return request.hasBody() && request.upgrade() == null ? BodyNeed.CHUNKS : BodyNeed.NOTHING;
    }

    /** {@code chunk} is counted in {@link Call#requestBytes()} already. */
    @Override
    public Verdict chunk(Call call, ByteBuf chunk) {
        CompiledBodyRule rule = rule(call);
        return call.requestBytes() > rule.bytesMax() ? rule.tooLarge() : Verdict.PASS;
    }

    private CompiledBodyRule rule(Call call) {
        Resource resource = requireNonNull(call.resource(), "resource is null");
        return requireNonNull(byResource.get(resource.id()), "the resource has no rule for bodies");
    }
}
