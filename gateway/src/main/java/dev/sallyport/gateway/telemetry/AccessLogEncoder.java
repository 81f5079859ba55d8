package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.JsonWriter;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.call.TraceParent;
import io.netty.util.NetUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes ended calls as lines of JSON. What does not apply to a call is left out of its line; query strings and header
 * fields never occur in one, since they may hold secrets. Confined to the writer's thread.
 */
final class AccessLogEncoder {
    private static final int PATH_CHARACTERS_MAX = 1_024;
    private static final int NAME_CHARACTERS_MAX = 256;
    private static final int METHOD_CHARACTERS_MAX = 32;
    private static final int DETAIL_CHARACTERS_MAX = 512;

    private static final byte[] TIME = JsonWriter.encodeName("time");
    private static final byte[] CALL = JsonWriter.encodeName("call");
    private static final byte[] TRACE_ID = JsonWriter.encodeName("trace_id");
    private static final byte[] CLIENT = JsonWriter.encodeName("client");
    private static final byte[] CALLER = JsonWriter.encodeName("caller");
    private static final byte[] COHORT = JsonWriter.encodeName("cohort");
    private static final byte[] METHOD = JsonWriter.encodeName("method");
    private static final byte[] AUTHORITY = JsonWriter.encodeName("authority");
    private static final byte[] PATH = JsonWriter.encodeName("path");
    private static final byte[] PROTOCOL = JsonWriter.encodeName("protocol");
    private static final byte[] RESOURCE = JsonWriter.encodeName("resource");
    private static final byte[] VERSION = JsonWriter.encodeName("version");
    private static final byte[] ENDPOINT = JsonWriter.encodeName("endpoint");
    private static final byte[] ATTEMPTS = JsonWriter.encodeName("attempts");
    private static final byte[] OUTCOME = JsonWriter.encodeName("outcome");
    private static final byte[] STATUS = JsonWriter.encodeName("status");
    private static final byte[] REFUSAL = JsonWriter.encodeName("refusal");
    private static final byte[] DETAIL = JsonWriter.encodeName("detail");
    private static final byte[] FAILURE = JsonWriter.encodeName("failure");
    private static final byte[] CONTROLS = JsonWriter.encodeName("controls");
    private static final byte[] PHASES = JsonWriter.encodeName("phases_ns");
    private static final byte[] REQUEST_BYTES = JsonWriter.encodeName("request_bytes");
    private static final byte[] RESPONSE_BYTES = JsonWriter.encodeName("response_bytes");
    private static final byte[] TOTAL = JsonWriter.encodeName("total_ns");

    private static final Phase[] PHASE_VALUES = Phase.values();
    private static final byte[][] PHASE_NAMES = phaseNames();

    private final JsonWriter json;
    private final UtcClockText clock = new UtcClockText();

    AccessLogEncoder(JsonWriter json) {
        this.json = json;
    }

    void encode(Call call) {
        begin(call.beganEpochMillis(), call.id(), call.peer());
        String traceParent = call.traceParent();
        if (traceParent != null) {
            name(TRACE_ID, TraceParent.traceId(traceParent));
        }
        Caller caller = call.caller();
        if (caller != null) {
            name(CALLER, caller.id());
            name(COHORT, caller.cohort().text());
        }
        RequestHead request = call.request();
        text(METHOD, request.method(), METHOD_CHARACTERS_MAX);
        name(AUTHORITY, request.authority());
        text(PATH, request.path(), PATH_CHARACTERS_MAX);
        name(PROTOCOL, request.protocol().text());
        Resource resource = call.resource();
        if (resource != null) {
            name(RESOURCE, resource.name());
            if (!resource.version().isEmpty()) {
                name(VERSION, resource.version());
            }
        }
        String endpoint = call.endpoint();
        if (endpoint != null) {
            name(ENDPOINT, endpoint);
        }
        number(ATTEMPTS, call.attempts());
        Outcome outcome = call.outcome();
        if (outcome != null) {
            name(OUTCOME, outcome.text());
        }
        number(STATUS, call.status());
        refusal(call.refusal());
        String failure = call.failure();
        if (failure != null) {
            text(FAILURE, failure, DETAIL_CHARACTERS_MAX);
        }
        controls(call.controls());
        phases(call.timeline());
        number(REQUEST_BYTES, call.requestBytes());
        number(RESPONSE_BYTES, call.responseBytes());
        number(TOTAL, call.timeline().totalNanos());
        json.endObject().newLine();
    }

    /** A request that was refused before it became a call. */
    void encode(long epochMillis, String callId, Peer peer, Refusal refusal) {
        begin(epochMillis, callId, peer);
        name(OUTCOME, refusal.code().outcome().text());
        number(STATUS, refusal.code().status());
        refusal(refusal);
        json.endObject().newLine();
    }

    private void begin(long epochMillis, String callId, Peer peer) {
        json.beginObject();
        json.name(TIME).string(clock.text(epochMillis));
        name(CALL, callId);
        name(CLIENT, NetUtil.toAddressString(peer.client()));
    }

    private void refusal(@Nullable Refusal refusal) {
        if (refusal != null) {
            name(REFUSAL, refusal.code().text());
            text(DETAIL, refusal.detail(), DETAIL_CHARACTERS_MAX);
        }
    }

    private void controls(List<String> controls) {
        json.name(CONTROLS).beginArray();
        for (int i = 0; i < controls.size(); i++) {
            json.string(controls.get(i));
        }
        json.endArray();
    }

    private void phases(Timeline timeline) {
        json.name(PHASES).beginObject();
        for (Phase phase : PHASE_VALUES) {
            long nanos = timeline.durationNanos(phase);
            if (nanos >= 0) {
                json.name(PHASE_NAMES[phase.ordinal()]).number(nanos);
            }
        }
        json.endObject();
    }

    private void name(byte[] key, String value) {
        text(key, value, NAME_CHARACTERS_MAX);
    }

    private void text(byte[] key, String value, int charactersMax) {
        json.name(key).string(value.length() <= charactersMax ? value : value.substring(0, charactersMax) + '…');
    }

    private void number(byte[] key, long value) {
        json.name(key).number(value);
    }

    private static byte[][] phaseNames() {
        byte[][] names = new byte[PHASE_VALUES.length][];
        for (Phase phase : PHASE_VALUES) {
            names[phase.ordinal()] = JsonWriter.encodeName(phase.text());
        }
        return names;
    }
}
