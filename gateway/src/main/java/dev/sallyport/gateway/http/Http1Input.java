package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** What an HTTP/1 server connection has received and nobody has taken yet; taken out of it as heads, bodies or a tunnel's bytes. */
final class Http1Input {
    private final RequestParser parser;
    private final RequestAssembler assembler;
    private final RequestBody body;

    private @Nullable ByteBuf bytes;
    private boolean ended;
    private boolean bodyBegun;

    Http1Input(Limits limits, Scratch scratch, boolean secure) {
        parser = new RequestParser(limits, scratch);
        assembler = new RequestAssembler(secure);
        body = new RequestBody(limits, scratch);
    }

    /** Takes ownership of {@code received}. */
    void add(ByteBufAllocator allocator, ByteBuf received) {
        bytes = bytes == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, received);
    }

    /** The client sends nothing more. */
    void end() {
        ended = true;
        parser.reread();
    }

    /** Whether nothing more can come. */
    boolean ended() {
        return ended && bytes == null;
    }

    int readableBytes() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    boolean headBegun() {
        return parser.begun();
    }

    /** The next request; null when it has not come whole. Its body follows. */
    @Nullable
    Http1Request request() throws ProtocolViolation {
        if (bytes != null && parser.parse(bytes)) {
            trim();
            Http1Request request = assembler.assemble(parser);
            body.begin(request.bodyLength());
            bodyBegun = false;
            return request;
        }
        if (ended && (bytes != null || parser.begun())) {
            throw ProtocolViolation.malformed("The connection ended within the head of a request.");
        }
        trim();
        return null;
    }

    /** A part of the body, which the caller owns; null when none is there. */
    @Nullable
    ByteBuf body() throws ProtocolViolation {
        ByteBuf chunk = bytes == null ? null : body.next(bytes);
        bodyBegun |= chunk != null;
        trim();
        if (chunk == null && ended && !body.done()) {
            throw ProtocolViolation.malformed("The connection ended within the body of a request.");
        }
        return chunk;
    }

    RequestBody framing() {
        return body;
    }

    /** Whether some of the body has come. */
    boolean bodyBegun() {
        return bodyBegun || bytes != null;
    }

    /** Everything, which the caller owns; null when there is nothing. */
    @Nullable
    ByteBuf all() {
        ByteBuf all = bytes;
        bytes = null;
        return all;
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    private void trim() {
        if (bytes != null && !bytes.isReadable()) {
            release();
        }
    }
}
