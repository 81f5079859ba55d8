package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Timeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** Calls as they look when they have ended. */
public final class TestingCalls {
    public static final long BEGAN_EPOCH_MILLIS = 1_793_534_400_123L;
    public static final long BEGAN_NANOS = 5_000;
    public static final Resource RESNET = Resource.model("resnet", "2", null, Map.of());
    public static final Caller PARTNER = Caller.bearer("partner", Caller.Cohort.PARTNER);
    public static final Peer PEER = peer("203.0.113.7");

    private TestingCalls() {}

    public static final class FixedTime implements Time {
        volatile long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long epochMillis() {
            return BEGAN_EPOCH_MILLIS;
        }
    }

    public static Peer peer(String client) {
        try {
            return new Peer(
                    new InetSocketAddress("192.0.2.1", 40_000), InetAddress.getByName(client),
                    new InetSocketAddress("127.0.0.1", 8080), false, null);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    public static RequestHead head(String path, Headers headers) {
        return new RequestHead(
                Protocol.HTTP_1_1, "POST", "http", "models.example:8080", path, "token=query-secret", headers,
                RequestHead.UNKNOWN_LENGTH, null);
    }

    public static Call began(RequestHead head) {
        return new Call("01K8ZZZZZZZZZZZZZZZZZZZZZZ", head, PEER, new Timeline(BEGAN_NANOS), BEGAN_EPOCH_MILLIS,
                new Deadline(Long.MAX_VALUE));
    }

    public static Call answered() {
        return answered(RESNET, 200, Outcome.SUCCESS);
    }

    /** A call that went upstream and took 7 ms in all. */
    public static Call answered(Resource resource, int status, Outcome outcome) {
        Call call = began(head("/resnet/predict",
                Headers.of("authorization", "Bearer header-secret", "x-api-key", "header-secret")));
        call.identified(PARTNER);
        call.routed(resource, Action.INVOKE, "/predict");
        call.ran("identify");
        call.ran("limit");
        call.attempted("127.0.0.1:8000");
        call.received(1_024);
        call.sent(70);
        call.timeline().mark(Phase.PARSE, BEGAN_NANOS + 1_000);
        call.timeline().mark(Phase.IDENTIFY, BEGAN_NANOS + 3_000);
        call.timeline().mark(Phase.LAST_BYTE, BEGAN_NANOS + 7_000_000);
        call.answered(status);
        call.ended(outcome);
        return call;
    }

    public static Call refused(RefusalCode code) {
        Call call = began(head("/resnet/predict", Headers.of("authorization", "Bearer header-secret")));
        call.ran("identify");
        call.refused(Refusal.of(code, "No \"key\" was sent."));
        call.timeline().mark(Phase.IDENTIFY, BEGAN_NANOS + 2_000);
        call.answered(code.status());
        call.ended(code.outcome());
        return call;
    }
}
