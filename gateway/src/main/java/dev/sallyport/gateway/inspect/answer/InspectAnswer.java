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
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The control that looks at what a model answers: what describes the inside is taken out of its fields, an error gives
 * way to a refusal, and neither another type nor more bytes pass than the model's rule allows.
 *
 * <p>Lengths count what is transferred. A tunnel's bytes are no body. How long an answer may take is not asked here:
 * the call's deadline ({@code timeouts.total}) covers it to its last byte, streams included.
 */
public final class InspectAnswer implements AnswerControl {
    /** An error message that is longer than this is not one for a client. */
    private static final int ERROR_BYTES_MAX = 1 << 20;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private static final Refusal ELSEWHERE = CompiledAnswerRule.unacceptable(
            "The upstream redirects to a place that is not its own; clients are not sent past the gateway.");
    private static final Refusal CODED_ERROR = CompiledAnswerRule.unacceptable(
            "The upstream's error message has a content coding, so that it cannot be inspected.");

    private final Map<String, CompiledAnswerRule> byResource;
    private final UpstreamErrors errors;

    /** @param byResource the rule of every resource, by its id; the answers of a resource without one are refused */
    public InspectAnswer(Map<String, AnswerRule> byResource, Time time) {
        Map<AnswerRule, CompiledAnswerRule> shared = new HashMap<>();
        Map<String, CompiledAnswerRule> compiled = HashMap.newHashMap(byResource.size());
        byResource.forEach(
                (resource, rule) -> compiled.put(resource, shared.computeIfAbsent(rule, CompiledAnswerRule::new)));
        this.byResource = Map.copyOf(compiled);
        errors = new UpstreamErrors(time);
    }

    @Override
    public String name() {
        return "inspect-answer";
    }

    @Override
    public AnswerHandling open(Call call, ResponseHead head) {
        CompiledAnswerRule compiled = rule(call);
        AnswerRule rule = compiled.rule();
        int status = head.status();
        AnswerFields.clean(head.headers(), rule.cookiesPass());
        if (status == SWITCHING_PROTOCOLS) {
            return AnswerHandling.PASS;
        }
        if (status >= 500 && !rule.errorsPass()) {
            return new AnswerHandling.Withhold(UpstreamErrors.SHOWN_BYTES_MAX,
                    beginning -> errors.replace(call, head, beginning));
        }
        if (!locate(call, head, compiled.redirection())) {
            return ELSEWHERE;
        }
        if (call.request().isGrpc()) {
            GrpcMessage.clean(head.headers());
        }
        return withoutBody(call, head) ? AnswerHandling.PASS : openBody(call, head, compiled);
    }

    private AnswerHandling openBody(Call call, ResponseHead head, CompiledAnswerRule compiled) {
        AnswerRule rule = compiled.rule();
        if (head.status() < 300 && !rule.accepts().allow(head.headers())) {
            return compiled.wrongType();
        }
        if (head.contentLength() > rule.bytesMax()) {
            return compiled.tooLarge();
        }
        if (head.status() >= 400 && !rule.errorsPass()) {
            return coded(head) ? unreadable(compiled, head, CODED_ERROR)
                    : new AnswerHandling.Whole(Math.min(rule.bytesMax(), ERROR_BYTES_MAX), compiled.tooLarge(),
                            body -> withoutStackTrace(call, head, body));
        }
        return limited(compiled, head);
    }

    private AnswerStep withoutStackTrace(Call call, ResponseHead head, ByteBuf body) {
        if (!StackTraces.present(body)) {
            return new AnswerStep.Go(body);
        }
        try {
            return errors.replace(call, head, body);
        } finally {
            body.release();
        }
    }

    private static AnswerHandling unreadable(CompiledAnswerRule compiled, ResponseHead head, Refusal refusal) {
        return compiled.rule().unreadablePasses() ? limited(compiled, head) : refusal;
    }

    private static AnswerHandling limited(CompiledAnswerRule compiled, ResponseHead head) {
        return head.contentLength() >= 0 ? AnswerHandling.PASS
                : new AnswerHandling.Stream(new LengthLimit(compiled.rule().bytesMax(), compiled.tooLarge()), true);
    }

    /** Lets the places that the head names be the gateway's; returns whether the client may be sent there. */
    private static boolean locate(Call call, ResponseHead head, Redirection redirection) {
        Headers headers = head.headers();
        boolean redirects = head.status() >= 300 && head.status() < 400;
        if (redirects && headers.count("location") > 1 || !locate(call, headers, "location", redirection) && redirects) {
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

    private static boolean coded(ResponseHead head) {
        @Nullable String coding = head.headers().first("content-encoding");
        return coding != null && !coding.equalsIgnoreCase("identity");
    }

    @Override
    public void trailers(Call call, Headers trailers) {
        AnswerFields.clean(trailers, rule(call).rule().cookiesPass());
        if (call.request().isGrpc()) {
            GrpcMessage.clean(trailers);
        }
    }

    private CompiledAnswerRule rule(Call call) {
        Resource resource = requireNonNull(call.resource(), "resource is null");
        return requireNonNull(byResource.get(resource.id()), "the resource has no rule for answers");
    }
}
