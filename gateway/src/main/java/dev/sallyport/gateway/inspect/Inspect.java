package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Measure;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The control that looks at what a request carries: the media type and the length of its body, and what is inside.
 *
 * <p>Only a body is looked at, so a GET without one needs no type. The bytes of a tunnel are no body: a WebSocket is
 * bounded by its idle and total time-outs alone. All messages of a gRPC call's request stream are one body, and
 * {@code application/grpc} among the accepted types stands for its {@code +proto} and {@code +json} forms as well.
 * A body that nothing looks into streams, and its length counts what is transferred.
 */
public final class Inspect implements Control {
    private static final Refusal OVERLOADED =
            Refusal.of(RefusalCode.OVERLOADED, "Too many request bodies are being inspected at once.");

    /** One buffer cannot hold much more. */
    private static final long WHOLE_BYTES_MAX = 1L << 30;

    private final Map<String, CompiledBodyRule> byResource;
    private final InspectionThreads threads;

    /**
     * @param byResource the rule of every resource, by its id; a resource without one is refused
     * @param threads    where bodies are looked at that would hold up an event loop
     */
    public Inspect(Map<String, BodyRule> byResource, InspectionThreads threads) {
        Map<BodyRule, CompiledBodyRule> shared = new HashMap<>();
        Map<String, CompiledBodyRule> compiled = HashMap.newHashMap(byResource.size());
        byResource.forEach(
                (resource, rule) -> compiled.put(resource, shared.computeIfAbsent(rule, CompiledBodyRule::new)));
        this.byResource = Map.copyOf(compiled);
        this.threads = requireNonNull(threads, "threads is null");
    }

    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public Verdict check(Call call) {
        CompiledBodyRule rule = rule(call);
        RequestHead request = call.request();
        if (!hasBody(request)) {
            return Verdict.PASS;
        }
        if (!rule.acceptsType(request.headers())) {
            return rule.wrongType();
        }
        if (request.contentLength() > rule.bytesMax()) {
            return rule.tooLarge();
        }
        Refusal refusal = rule.content().refusal(request.headers());
        return refusal == null ? Verdict.PASS : refusal;
    }

    @Override
    public BodyNeed body(Call call) {
        RequestHead request = call.request();
        if (!hasBody(request)) {
            return BodyNeed.NOTHING;
        }
        CompiledBodyRule rule = rule(call);
        return rule.content().reads(request.headers()) ? new BodyNeed.Whole(Math.min(rule.bytesMax(), WHOLE_BYTES_MAX))
                : BodyNeed.CHUNKS;
    }

    private static boolean hasBody(RequestHead request) {
        return request.hasBody() && request.upgrade() == null;
    }

    /** {@code chunk} is counted in {@link Call#requestBytes()} already. */
    @Override
    public Verdict chunk(Call call, ByteBuf chunk) {
        CompiledBodyRule rule = rule(call);
        if (call.requestBytes() > rule.bytesMax()) {
            return rule.tooLarge();
        }
        boolean first = chunk.isReadable() && call.requestBytes() == chunk.readableBytes();
        Refusal refusal =
                first ? rule.content().refusal(call.request().headers(), chunk.getByte(chunk.readerIndex())) : null;
        return refusal == null ? Verdict.PASS : refusal;
    }

    @Override
    public Verdict whole(Call call, ByteBuf body) {
        ContentInspector content = rule(call).content();
        Headers headers = call.request().headers();
        if (!content.takesLong(headers, body.readableBytes())) {
            Inspection inspection = content.inspect(headers, call.upstreamPath(), body);
            note(call, inspection);
            return verdict(inspection);
        }
        String path = call.upstreamPath();
        ByteBuf kept = body.retainedDuplicate();
        CompletableFuture<Inspection> coming = new CompletableFuture<>();
        boolean taken = threads.run(kept.readableBytes(), () -> {
            try {
                coming.complete(content.inspect(headers, path, kept));
            } catch (Throwable thrown) {
                coming.completeExceptionally(thrown);
            } finally {
                kept.release();
            }
        });
        if (!taken) {
            kept.release();
            return OVERLOADED;
        }
        return new Verdict.Later(coming.thenApply(Inspect::verdict), () -> note(call, coming.resultNow()));
    }

    private static void note(Call call, Inspection inspection) {
        if (inspection.finding() instanceof Finding.Sound sound) {
            call.measured(new Measure(Math.max(1, sound.instances()), sound.pixels(), inspection.bytes()));
        }
    }

    private static Verdict verdict(Inspection inspection) {
        return switch (inspection.finding()) {
            case Finding.Unsound(Refusal refusal) -> refusal;
            case Finding.Sound sound ->
                    sound.rewritten() == null ? Verdict.PASS : new Verdict.Rewrite(sound.rewritten());
        };
    }

    private CompiledBodyRule rule(Call call) {
        Resource resource = requireNonNull(call.resource(), "resource is null");
        return requireNonNull(byResource.get(resource.id()), "the resource has no rule for bodies");
    }
}
