package dev.sallyport.gateway.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.gateway.inspect.multipart.Part;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** A form in which the contents of some parts are replaced, put together of what stays and what is new; all else is copied as it is. */
final class FormRewrite {
    private static final String LENGTH = "content-length:";

    private final ByteBuf body;
    private @Nullable CompositeByteBuf pieces;
    /** Up to where the body is copied, from its first byte. */
    private int copied;

    /** @param body outlives this; not retained */
    FormRewrite(ByteBuf body) {
        this.body = body;
    }

    /** Takes ownership of {@code content}. Parts are replaced in their order. */
    void replace(Part part, ByteBuf content) {
        if (pieces == null) {
            pieces = Unpooled.compositeBuffer(64);
        }
        copy(part.headStart(), pieces);
        String head = body.toString(body.readerIndex() + part.headStart(), part.start() - part.headStart(), ISO_8859_1);
        pieces.addComponent(true, Unpooled.copiedBuffer(withoutLength(head), ISO_8859_1));
        pieces.addComponent(true, content);
        copied = part.start() + part.length();
    }

    private void copy(int end, CompositeByteBuf into) {
        int length = end - copied;
        into.addComponent(true, PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, length))
                .writeBytes(body, body.readerIndex() + copied, length));
        copied = end;
    }

    /** A part's header section without the length of the content that was replaced. */
    private static String withoutLength(String head) {
        int line = 0;
        while (!head.regionMatches(true, line, LENGTH, 0, LENGTH.length())) {
            line = head.indexOf("\r\n", line) + 2;
            if (line < 2 || line >= head.length()) {
                return head;
            }
        }
        return head.substring(0, line) + head.substring(head.indexOf("\r\n", line) + 2);
    }

    /** The new form, which the caller owns; null when nothing was replaced. */
    @Nullable
    ByteBuf finish() {
        if (pieces == null) {
            return null;
        }
        copy(body.readableBytes(), pieces);
        return pieces;
    }

    void release() {
        if (pieces != null) {
            pieces.release();
            pieces = null;
        }
    }
}
