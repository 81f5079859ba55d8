package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import io.netty.buffer.ByteBuf;

/** Who is told what becomes of an exchange's request. All methods are called on the exchange's loop and must not block. */
public interface ExchangeListener {
    /** A part of the request's body; takes ownership of {@code chunk}. */
    void requestChunk(ByteBuf chunk);

    /** The request is complete; {@code trailers} may be empty. For a tunnel: the client half-closed. */
    void requestEnd(Headers trailers);

    /**
     * The rest of the request will not come: it broke a rule or a limit (bad chunk, slow body). The response may still
     * be sent when its head has not been; the connection closes afterwards.
     */
    void requestFailed(Refusal reason);

    /** The client is gone; nothing can be sent any more. The last callback. */
    void disconnected();

    /** {@link Exchange#writable()} became true again. */
    void writable();
}
