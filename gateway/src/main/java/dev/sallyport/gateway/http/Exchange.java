package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * One request and its response on the server side: the same verbs for HTTP/1.1, HTTP/2 and tunnels.
 *
 * <p>All methods are called on {@link #loop()}, and all callbacks come on it. The request's body waits until
 * {@link #resumeRequest()} is called for the first time (which also answers {@code Expect: 100-continue}). The order of
 * a response is {@code interim* respond chunk* end}; after {@code end}, {@code abort} or
 * {@link ExchangeListener#disconnected()} every further verb is a no-op that releases what it is given.
 *
 * <p>A tunnel: when {@code request().upgrade()} is set, the response head with status 101 opens it; from then on chunks
 * both ways are the tunnel's bytes, {@link ExchangeListener#requestEnd} is the client's half-close and
 * {@link #respondEnd} ours. Any other status declines it.
 */
public interface Exchange {
    EventLoop loop();

    Peer peer();

    RequestHead request();

    /** When the first byte of this request arrived, on the injected nano clock. */
    long beganNanos();

    /** When the connection was accepted, for the first exchange on it; otherwise {@link #beganNanos()}. */
    long acceptedNanos();

    /** When the TLS handshake ended, for the first exchange on a connection; otherwise {@link #beganNanos()}. */
    long securedNanos();

    /** Names who is told of the request's body and fate; called once, before anything else. */
    void listen(ExchangeListener listener);

    /** Stops delivery of the request's body soon: chunks already read may still come. */
    void pauseRequest();

    /** Starts or restarts delivery of the request's body. */
    void resumeRequest();

    /** Sends an interim response, 100 to 199 but 101; ignored where the client's version has none. */
    void interim(ResponseHead head);

    /**
     * Sends the head of the response.
     *
     * @param end whether the response is complete with it
     */
    void respond(ResponseHead head, boolean end);

    /** Sends a part of the response's body; takes ownership of {@code chunk}. */
    void chunk(ByteBuf chunk);

    /** Ends the response; {@code trailers} may be empty. */
    void end(Headers trailers);

    /** Whether more of the response can be taken without piling up; {@link ExchangeListener#writable()} tells when it changes to true. */
    boolean writable();

    /** Breaks the exchange off, so that the client cannot take what it got for whole: RST_STREAM, or the connection is closed. */
    void abort();
}
