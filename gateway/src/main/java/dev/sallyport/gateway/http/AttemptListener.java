package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Who is told what becomes of an attempt. All methods are called on the call's loop and must not block. */
public interface AttemptListener {
    /** An interim response, 100 to 199 but 101. */
    void interim(ResponseHead head);

    /**
     * The head of the response.
     *
     * @param end whether the response is complete with it
     */
    void response(ResponseHead head, boolean end);

    /** A part of the response's body; takes ownership of {@code chunk}. */
    void responseChunk(ByteBuf chunk);

    /** The response is complete; {@code trailers} may be empty. The last callback. */
    void responseEnd(Headers trailers);

    /** The attempt failed; when the response's head had come, what came of its body is not whole. The last callback. */
    void failed(AttemptFailure failure);

    /** {@link Attempt#writable()} became true again. */
    void writable();
}
