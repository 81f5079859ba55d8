package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.TraceParent;
import dev.sallyport.gateway.http.ForwardedFields;
import java.util.Set;

/** Makes the head that goes upstream: without the credential, without anything that speaks in the gateway's name, with what the gateway itself states. */
final class UpstreamRequest {
    private static final String OWN_PREFIX = "sallyport-";
    static final String CALL_FIELD = "sallyport-call";
    static final String CALLER_FIELD = "sallyport-caller";
    private static final String TRACE_STATE_FIELD = "tracestate";

    private UpstreamRequest() {}

    /** Fields that speak of the body's bytes as the client sent them (RFC 9110 section 8, RFC 9530). */
    private static final Set<String> OF_THE_BYTES =
            Set.of("content-encoding", "content-md5", "digest", "content-digest", "repr-digest");
    /** Fields by which a client asks for a part of an answer, for one in a coding of its choice, or for its digest. */
    private static final Set<String> OF_THE_ANSWER =
            Set.of("accept-encoding", "range", "if-range", "want-content-digest", "want-repr-digest", "want-digest");
    /** Fields by which whoever reads asks whether a guess of the answer is right (RFC 9110 section 13.1). */
    private static final Set<String> OF_A_GUESS =
            Set.of("if-match", "if-none-match", "if-modified-since", "if-unmodified-since");

    /**
     * Makes the head.
     *
     * @param bodyLength  of the body as it goes upstream, in bytes; -1 when that is unknown
     * @param rewritten   whether a control put another body in the place of the client's
     * @param answersRead whether a control reads the answer's body
     */
    static RequestHead head(Call call, long bodyLength, boolean rewritten, boolean answersRead) {
        RequestHead request = call.request();
        Headers incoming = request.headers();
        Headers outgoing = new Headers(incoming.size() + 8);
        for (int i = 0; i < incoming.size(); i++) {
            String name = incoming.name(i);
            if (!withheld(name) && !(rewritten && OF_THE_BYTES.contains(name))
                    && !(answersRead && asksOfTheAnswer(request, name))) {
                outgoing.add(name, incoming.value(i));
            }
        }
        if (answersRead) {
            outgoing.add("accept-encoding", "identity");
        }
        ForwardedFields.apply(outgoing, call.peer(), request);
        outgoing.add(CALL_FIELD, call.id());
        String traceParent = call.traceParent();
        if (traceParent != null) {
            outgoing.add(TraceParent.FIELD, traceParent);
            String traceState = call.traceState();
            if (traceState != null) {
                outgoing.add(TRACE_STATE_FIELD, traceState);
            }
        }
        Caller caller = call.caller();
        if (caller != null) {
            outgoing.add(CALLER_FIELD, caller.id());
        }
        return new RequestHead(
                request.protocol(),
                request.method(),
                request.scheme(),
                request.authority(),
                call.upstreamPath(),
                request.query(),
                outgoing,
                bodyLength,
                request.upgrade());
    }

    private static boolean asksOfTheAnswer(RequestHead request, String name) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return OF_THE_ANSWER.contains(name) || reads && OF_A_GUESS.contains(name);
    }

    private static boolean withheld(String name) {
        return switch (name) {
            case "authorization", "x-api-key", TraceParent.FIELD, TRACE_STATE_FIELD -> true;
            default -> name.startsWith(OWN_PREFIX);
        };
    }
}
