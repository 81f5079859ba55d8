package dev.sallyport.gateway.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Timeline;
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

    private static final byte[] TIME = ascii("{\"time\":\"");
    private static final byte[] CALL = ascii("\",\"call\":");
    private static final byte[] CLIENT = ascii(",\"client\":");
    private static final byte[] CALLER = ascii(",\"caller\":");
    private static final byte[] COHORT = ascii(",\"cohort\":");
    private static final byte[] METHOD = ascii(",\"method\":");
    private static final byte[] AUTHORITY = ascii(",\"authority\":");
    private static final byte[] PATH = ascii(",\"path\":");
    private static final byte[] PROTOCOL = ascii(",\"protocol\":");
    private static final byte[] RESOURCE = ascii(",\"resource\":");
    private static final byte[] VERSION = ascii(",\"version\":");
    private static final byte[] ENDPOINT = ascii(",\"endpoint\":");
    private static final byte[] ATTEMPTS = ascii(",\"attempts\":");
    private static final byte[] OUTCOME = ascii(",\"outcome\":");
    private static final byte[] STATUS = ascii(",\"status\":");
    private static final byte[] REFUSAL = ascii(",\"refusal\":");
    private static final byte[] DETAIL = ascii(",\"detail\":");
    private static final byte[] CONTROLS = ascii(",\"controls\":[");
    private static final byte[] PHASES = ascii("],\"phases_ns\":{");
    private static final byte[] REQUEST_BYTES = ascii("},\"request_bytes\":");
    private static final byte[] RESPONSE_BYTES = ascii(",\"response_bytes\":");
    private static final byte[] TOTAL = ascii(",\"total_ns\":");
    private static final byte[] END = ascii("}\n");

    private static final Phase[] PHASE_VALUES = Phase.values();
    private static final byte[][] PHASE_NAMES = phaseNames();

    private final JsonBuffer buffer;
    private final UtcClockText clock = new UtcClockText();

    AccessLogEncoder(JsonBuffer buffer) {
        this.buffer = buffer;
    }

    void encode(Call call) {
        begin(call.beganEpochMillis(), call.id(), call.peer());
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
        controls(call.controls());
        phases(call.timeline());
        number(REQUEST_BYTES, call.requestBytes());
        number(RESPONSE_BYTES, call.responseBytes());
        number(TOTAL, call.timeline().totalNanos());
        buffer.raw(END);
    }

    /** A request that was refused before it became a call. */
    void encode(long epochMillis, String callId, Peer peer, Refusal refusal) {
        begin(epochMillis, callId, peer);
        name(OUTCOME, refusal.code().outcome().text());
        number(STATUS, refusal.code().status());
        refusal(refusal);
        buffer.raw(END);
    }

    private void begin(long epochMillis, String callId, Peer peer) {
        buffer.raw(TIME);
        buffer.raw(clock.text(epochMillis));
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
        buffer.raw(CONTROLS);
        for (int i = 0; i < controls.size(); i++) {
            if (i > 0) {
                buffer.raw(',');
            }
            buffer.string(controls.get(i), NAME_CHARACTERS_MAX);
        }
    }

    private void phases(Timeline timeline) {
        buffer.raw(PHASES);
        boolean first = true;
        for (Phase phase : PHASE_VALUES) {
            long nanos = timeline.durationNanos(phase);
            if (nanos >= 0) {
                if (!first) {
                    buffer.raw(',');
                }
                first = false;
                buffer.raw(PHASE_NAMES[phase.ordinal()]);
                buffer.number(nanos);
            }
        }
    }

    private void name(byte[] key, String value) {
        text(key, value, NAME_CHARACTERS_MAX);
    }

    private void text(byte[] key, String value, int charactersMax) {
        buffer.raw(key);
        buffer.string(value, charactersMax);
    }

    private void number(byte[] key, long value) {
        buffer.raw(key);
        buffer.number(value);
    }

    private static byte[][] phaseNames() {
        byte[][] names = new byte[PHASE_VALUES.length][];
        for (Phase phase : PHASE_VALUES) {
            names[phase.ordinal()] = ascii("\"" + phase.text() + "\":");
        }
        return names;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
