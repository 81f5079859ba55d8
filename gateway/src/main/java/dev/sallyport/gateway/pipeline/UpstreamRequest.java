package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.http.ForwardedFields;

/** Makes the head that goes upstream: without the credential, without anything that speaks in the gateway's name, with what the gateway itself states. */
final class UpstreamRequest {
    private static final String OWN_PREFIX = "sallyport-";
    static final String CALL_FIELD = "sallyport-call";
    static final String CALLER_FIELD = "sallyport-caller";

    private UpstreamRequest() {}

    static RequestHead head(Call call) {
        RequestHead request = call.request();
        Headers incoming = request.headers();
        Headers outgoing = new Headers(incoming.size() + 8);
        for (int i = 0; i < incoming.size(); i++) {
            String name = incoming.name(i);
            if (!withheld(name)) {
                outgoing.add(name, incoming.value(i));
            }
        }
        ForwardedFields.apply(outgoing, call.peer(), request);
        outgoing.add(CALL_FIELD, call.id());
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
                request.contentLength(),
                request.upgrade());
    }

    private static boolean withheld(String name) {
        return switch (name) {
            case "authorization", "x-api-key" -> true;
            default -> name.startsWith(OWN_PREFIX);
        };
    }
}
