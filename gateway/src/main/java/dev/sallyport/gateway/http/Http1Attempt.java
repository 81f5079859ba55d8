package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * One request on an HTTP/1.1 connection: what is written. A head that ends the request is flushed at once; otherwise
 * what one turn of the loop brings goes out together.
 */
final class Http1Attempt implements Attempt, Runnable {
    private static final int COPIED_BYTES_MAX = 4 * 1024;
    private static final int CHUNK_FRAMING_BYTES = 12;
    private static final ByteBuf LINE_END =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeByte('\r').writeByte('\n'));

    private final Http1ClientConnection connection;
    private final AttemptListener listener;
    private final boolean toHead;
    private final @Nullable String upgrade;
    private final RequestHead head;
    private @Nullable WebSocketKey key;
    /** The head until it is flushed: the beginning of a small body leaves with it in one piece. */
    private @Nullable ByteBuf held;
    /** Bytes of the body still to come, or {@link BodyLength#CHUNKED}. */
    private long bodyLeft;
    private boolean requestEnded;
    private boolean tunnelOpen;
    private boolean over;
    private boolean flushing;

    Http1Attempt(Http1ClientConnection connection, AttemptListener listener, RequestHead head) {
        this.connection = connection;
        this.listener = listener;
        this.head = head;
        toHead = head.method().equals("HEAD");
        upgrade = head.upgrade();
        bodyLeft = head.contentLength();
    }

    AttemptListener listener() {
        return listener;
    }

    boolean toHead() {
        return toHead;
    }

    /** Whether the request is whole on its way; that for a tunnel which was declined is. */
    boolean requestEnded() {
        return requestEnded || upgrade != null && !tunnelOpen;
    }

    void sendHead(boolean end) {
        HeadWriter writer = connection.writer();
        if (upgrade != null) {
            writeUpgrade(writer, upgrade);
        } else {
            writer.requestLine(head).fields(head.headers());
            if (bodyLeft == BodyLength.CHUNKED) {
                writer.chunked();
            } else if (bodyLeft > 0 || expectsLength(head.method())) {
                writer.contentLength(bodyLeft);
            }
            if (head.headers().contains("te")) {
                writer.connection("te");
            }
        }
        ChannelHandlerContext context = connection.context();
        int room = bodyLeft > 0 && bodyLeft <= COPIED_BYTES_MAX ? (int) bodyLeft : 0;
        ByteBuf out = context.alloc().directBuffer(writer.length() + 2 + room);
        writer.writeTo(out);
        held = out;
        requestEnded = end && upgrade == null;
        if (end || upgrade != null) {
            flush();
        } else {
            flushSoon();
        }
    }

    /** Methods whose requests usually have a body say so also when it is empty (RFC 9110 section 8.6). */
    private static boolean expectsLength(String method) {
        return switch (method) {
            case "POST", "PUT", "PATCH" -> true;
            default -> false;
        };
    }

    private void writeUpgrade(HeadWriter writer, String protocol) {
        RequestHead asked = head;
        if (head.method().equals("CONNECT")) {
            asked = new RequestHead(head.protocol(), "GET", head.scheme(), head.authority(), head.path(), head.query(),
                    head.headers(), 0, protocol);
        }
        writer.requestLine(asked).fields(head.headers()).upgrade(protocol);
        if (protocol.equals(WebSocketKey.PROTOCOL) && !head.headers().contains(WebSocketKey.FIELD)) {
            key = WebSocketKey.random(connection.loop().random());
            writer.field(WebSocketKey.FIELD, key.text());
        }
    }

    /** Checks that the 101 of the endpoint grants what was asked for (RFC 9110 section 7.8, RFC 6455 section 4.1). */
    void requireAgreed(FieldSection fields) throws ProtocolViolation {
        if (upgrade == null || !upgrade.equalsIgnoreCase(fields.upgrade())) {
            throw ProtocolViolation.malformed("The upstream switches to a protocol that was not asked for.");
        }
        if (key != null) {
            key.requireAccepted(fields.headers());
        }
    }

    void tunnelOpen() {
        tunnelOpen = true;
    }

    void over() {
        over = true;
    }

    void fail(AttemptFailure failure) {
        if (!over) {
            over = true;
            listener.failed(failure);
        }
    }

    @Override
    public void chunk(ByteBuf chunk) {
        int length = chunk.readableBytes();
        if (over || requestEnded || length == 0 || upgrade != null && !tunnelOpen) {
            chunk.release();
            return;
        }
        ChannelHandlerContext context = connection.context();
        if (held != null && bodyLeft > 0 && length <= bodyLeft && length <= held.writableBytes()) {
            bodyLeft -= length;
            held.writeBytes(chunk);
            chunk.release();
            flushSoon();
            return;
        }
        writeHeld();
        if (upgrade != null) {
            context.write(chunk, context.voidPromise());
        } else if (bodyLeft == BodyLength.CHUNKED) {
            writeChunk(context, chunk, length);
        } else if (length <= bodyLeft) {
            bodyLeft -= length;
            context.write(chunk, context.voidPromise());
        } else {
            chunk.release();
            breakOff("the request's body is longer than was declared");
            return;
        }
        flushSoon();
    }

    private static void writeChunk(ChannelHandlerContext context, ByteBuf chunk, int length) {
        boolean copied = length <= COPIED_BYTES_MAX;
        ByteBuf framing = context.alloc().directBuffer(CHUNK_FRAMING_BYTES + (copied ? length : 0));
        ByteBufUtil.writeAscii(framing, Integer.toHexString(length));
        framing.writeByte('\r').writeByte('\n');
        if (copied) {
            framing.writeBytes(chunk).writeByte('\r').writeByte('\n');
            chunk.release();
            context.write(framing, context.voidPromise());
        } else {
            context.write(framing, context.voidPromise());
            context.write(chunk, context.voidPromise());
            context.write(LINE_END.duplicate(), context.voidPromise());
        }
    }

    @Override
    public void end(Headers trailers) {
        if (over || requestEnded) {
            return;
        }
        requestEnded = true;
        ChannelHandlerContext context = connection.context();
        if (upgrade != null) {
            halfClose(context);
            return;
        }
        if (bodyLeft > 0) {
            breakOff("the request's body is shorter than was declared");
            return;
        }
        if (bodyLeft == BodyLength.CHUNKED) {
            writeHeld();
            ByteBuf last = context.alloc().directBuffer(64);
            connection.writer().writeLastChunk(last, trailers);
            context.write(last, context.voidPromise());
        }
        flush();
    }

    private static void halfClose(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
            return;
        }
        // Shutting down drops what is still to be written, so it waits for that.
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess()) {
                ((SocketChannel) written.channel()).shutdownOutput();
            }
        });
    }

    private void breakOff(String detail) {
        connection.cancelled(this);
        fail(new AttemptFailure(RefusalCode.UPSTREAM_PROTOCOL_ERROR, detail, false));
    }

    private void flush() {
        flushing = false;
        writeHeld();
        connection.context().flush();
    }

    private void writeHeld() {
        ByteBuf begun = held;
        if (begun != null) {
            held = null;
            connection.context().write(begun, connection.context().voidPromise());
        }
    }

    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            connection.loop().loop().execute(this);
        }
    }

    /** Flushes what this turn of the loop has brought. */
    @Override
    public void run() {
        if (over && held != null) {
            held.release();
            held = null;
        } else if (flushing) {
            flush();
        }
    }

    @Override
    public boolean writable() {
        return connection.context().channel().isWritable();
    }

    @Override
    public void pauseResponse() {
        if (!over) {
            connection.pauseReading();
        }
    }

    @Override
    public void resumeResponse() {
        if (!over) {
            connection.resumeReading();
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            connection.cancelled(this);
        }
    }
}
