package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.ByteBuf;

/**
 * One try at one endpoint on the client side: the mirror image of {@link Exchange}.
 *
 * <p>Lives on the event loop of the call. The response's body is delivered as it comes unless paused. After
 * {@link #cancel()} nothing is called back any more, and every verb is a no-op that releases what it is given.
 */
public interface Attempt {
    /** Sends a part of the request's body; takes ownership of {@code chunk}. */
    void chunk(ByteBuf chunk);

    /** Ends the request; {@code trailers} may be empty. For a tunnel: half-closes it. */
    void end(Headers trailers);

    /** Whether more of the request can be taken without piling up; {@link AttemptListener#writable()} tells when it changes to true. */
    boolean writable();

    void pauseResponse();

    void resumeResponse();

    /** Gives the attempt up at once: RST_STREAM, or the connection is closed; never returned to the pool half used. */
    void cancel();
}
