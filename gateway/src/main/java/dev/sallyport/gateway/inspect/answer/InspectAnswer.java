package dev.sallyport.gateway.inspect.answer;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.inspect.InspectionThreads;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The control that looks at what a model answers: what describes the inside is taken out of its fields, an error gives
 * way to a refusal, neither another type nor more bytes pass than the model's rule allows, and of what it answers a
 * caller sees as much as its cohort may.
 *
 * <p>Lengths count what is transferred. A tunnel's bytes are no body. How long an answer may take is not asked here:
 * the call's deadline ({@code timeouts.total}) covers it to its last byte, streams included.
 */
public final class InspectAnswer implements AnswerControl {
    /** Where callers show who they are: a cache must not hand one's answer to another. */
    private static final String CREDENTIALS = "authorization, x-api-key";
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private static final Refusal ELSEWHERE = CompiledAnswerRule.unacceptable(
            "The upstream redirects to a place that is not its own; clients are not sent past the gateway.");
    private static final Refusal TUNNEL = CompiledAnswerRule.unacceptable(
            "The upstream opens a tunnel, in which nothing can be inspected.");

    private final Map<String, CompiledAnswerRule> byResource;
    private final InspectionThreads threads;
    private final UpstreamErrors errors;

    /**
     * @param byResource the rule of every resource, by its id; the answers of a resource without one are refused
     * @param threads    where bodies are looked at that would hold up an event loop
     */
    public InspectAnswer(Map<String, AnswerRule> byResource, InspectionThreads threads, Time time) {
        Map<AnswerRule, CompiledAnswerRule> shared = new HashMap<>();
        Map<String, CompiledAnswerRule> compiled = HashMap.newHashMap(byResource.size());
        byResource.forEach(
                (resource, rule) -> compiled.put(resource, shared.computeIfAbsent(rule, CompiledAnswerRule::new)));
        this.byResource = Map.copyOf(compiled);
        this.threads = requireNonNull(threads, "threads is null");
        errors = new UpstreamErrors(time);
    }

    @Override
    public String name() {
        return "inspect-answer";
    }

    @Override
    public boolean readsBody(Call call) {
        return minimiser(call, rule(call)) != null;
    }

    @Override
    public AnswerHandling open(Call call, ResponseHead head) {
        CompiledAnswerRule compiled = rule(call);
        AnswerRule rule = compiled.rule();
        int status = head.status();
        AnswerFields.clean(head.headers(), rule.cookiesPass());
        Minimiser minimiser = minimiser(call, compiled);
        if (status == SWITCHING_PROTOCOLS) {
            return minimiser == null || rule.unreadablePasses() ? AnswerHandling.PASS : TUNNEL;
        }
        if (status >= 500 && !rule.errorsPass()) {
            return new AnswerHandling.Withhold(UpstreamErrors.SHOWN_BYTES_MAX,
                    beginning -> errors.withhold(call, head, beginning));
        }
        if (!locate(call, head, compiled.redirection())) {
            return ELSEWHERE;
        }
        if (call.request().isGrpc()) {
            GrpcMessage.clean(head.headers());
        }
        if (compiled.varies()) {
            head.headers().add("vary", CREDENTIALS);
        }
        if (minimiser != null) {
            Minimiser.clean(head.headers());
        }
        if (withoutBody(call, head)) {
            return minimiser == null ? AnswerHandling.PASS : lengthHidden(compiled);
        }
        return openBody(call, head, compiled, minimiser);
    }

    private AnswerHandling openBody(Call call, ResponseHead head, CompiledAnswerRule compiled,
            @Nullable Minimiser minimiser) {
        AnswerRule rule = compiled.rule();
        if (head.status() < 300 && !rule.accepts().allow(head.headers())) {
            return compiled.wrongType();
        }
        if (head.contentLength() > rule.bytesMax()) {
            return compiled.tooLarge();
        }
        return BodyInspection.open(call, head, compiled, errors, threads, minimiser);
    }

    private static @Nullable Minimiser minimiser(Call call, CompiledAnswerRule compiled) {
        return compiled.varies() ? compiled.minimiser(requireNonNull(call.caller(), "caller is null").cohort()) : null;
    }

    /** Of a body that is not sent: its length tells how long the numbers in it are. */
    private static AnswerHandling lengthHidden(CompiledAnswerRule compiled) {
        return new AnswerHandling.Whole(0, compiled.tooLarge(), AnswerStep.Go::new);
    }

    /** Lets the places that the head names be the gateway's; returns whether the client may be sent there. */
    private static boolean locate(Call call, ResponseHead head, Redirection redirection) {
        Headers headers = head.headers();
        boolean redirects = head.status() >= 300 && head.status() < 400;
        if (redirects && headers.count("location") > 1
                || !locate(call, headers, "location", redirection) && redirects) {
            return false;
        }
        locate(call, headers, "content-location", redirection);
        return true;
    }

    private static boolean locate(Call call, Headers headers, String field, Redirection redirection) {
        String location = headers.first(field);
        if (location == null) {
            return true;
        }
        String mapped = redirection.forClient(call, location);
        headers.remove(field);
        if (mapped != null) {
            headers.add(field, mapped);
        }
        return mapped != null;
    }

    private static boolean withoutBody(Call call, ResponseHead head) {
        return head.contentLength() == 0 || head.status() == NO_CONTENT || head.status() == NOT_MODIFIED
                || call.request().method().equals("HEAD");
    }

    @Override
    public void trailers(Call call, Headers trailers) {
        CompiledAnswerRule compiled = rule(call);
        AnswerFields.clean(trailers, compiled.rule().cookiesPass());
        if (minimiser(call, compiled) != null) {
            Minimiser.cleanTrailers(trailers);
        }
        if (call.request().isGrpc()) {
            GrpcMessage.clean(trailers);
        }
    }

    private CompiledAnswerRule rule(Call call) {
        Resource resource = requireNonNull(call.resource(), "resource is null");
        return requireNonNull(byResource.get(resource.id()), "the resource has no rule for answers");
    }
}
