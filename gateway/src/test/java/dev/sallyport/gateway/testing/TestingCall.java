package dev.sallyport.gateway.testing;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Timeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Makes calls for the tests of controls: a POST with a body of unknown length to {@code /}, unless told otherwise. */
public final class TestingCall {
    private String method = "POST";
    private String authority = "gateway.example:8080";
    private String path = "/";
    private final Headers headers = new Headers();
    private long contentLength = RequestHead.UNKNOWN_LENGTH;
    private @Nullable String upgrade;
    private String client = "203.0.113.7";
    private @Nullable Caller caller;
    private @Nullable Resource resource;

    private TestingCall() {}

    public static TestingCall to(String path) {
        TestingCall call = new TestingCall();
        call.path = path;
        return call;
    }

    /** One that {@code caller} makes on {@code resource}. */
    public static TestingCall of(Caller caller, @Nullable Resource resource) {
        TestingCall call = new TestingCall();
        call.caller = caller;
        call.resource = resource;
        return call;
    }

    public TestingCall method(String value) {
        method = value;
        return this;
    }

    public TestingCall authority(String value) {
        authority = value;
        return this;
    }

    public TestingCall header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    public TestingCall contentLength(long value) {
        contentLength = value;
        return this;
    }

    public TestingCall upgrade(String value) {
        upgrade = value;
        return this;
    }

    public TestingCall client(String address) {
        client = address;
        return this;
    }

    public Call make() {
        return make(new ManualTime());
    }

    public Call make(Time time) {
        RequestHead head = new RequestHead(Protocol.HTTP_1_1, method, "http", authority, path, null, headers.copy(),
                contentLength, upgrade);
        Call call = new Call("01K8ZZZZZZZZZZZZZZZZZZZZZZ", head, peer(), new Timeline(time.nanos()), time.epochMillis(),
                Deadline.after(time.nanos(), Long.MAX_VALUE / 2));
        if (caller != null) {
            call.identified(caller);
        }
        if (resource != null) {
            call.routed(resource, Action.INVOKE, path);
        }
        return call;
    }

    private Peer peer() {
        try {
            return new Peer(new InetSocketAddress("192.0.2.1", 40_000), InetAddress.getByName(client),
                    new InetSocketAddress("127.0.0.1", 8080), false, null);
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalArgumentException(notAnAddress);
        }
    }
}
