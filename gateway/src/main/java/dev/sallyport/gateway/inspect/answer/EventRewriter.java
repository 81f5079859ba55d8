package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sallyport.gateway.call.AnswerFilter;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.inspect.json.RewriteOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Minimises JSON texts as they stream by: lines of their own, or the data of server-sent events (HTML, section 9.2.6).
 *
 * <p>An event passes when it is complete, with its name, id and retry time; comments and fields that no client knows
 * lose their text. The data {@code [DONE]}, by which many models end, passes as it is. What comes behind the last empty
 * line is rewritten like an event.
 */
final class EventRewriter implements AnswerFilter {
    /** The longest event, in bytes. */
    static final int EVENT_BYTES_MAX = 1 << 20;

    private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final Refusal UNREADABLE = CompiledAnswerRule.unacceptable(
            "An event of the upstream's answer is no JSON, or too long, so that it cannot be inspected.");

    private final Minimiser minimiser;
    private final boolean events;
    private final boolean unreadablePasses;
    private final Refusal tooLarge;
    private long bytesLeft;

    private final ByteBuf pending = ByteBufAllocator.DEFAULT.heapBuffer();
    private final ByteBuf fields = ByteBufAllocator.DEFAULT.heapBuffer();
    private final ByteBuf data = ByteBufAllocator.DEFAULT.heapBuffer();
    private boolean hasData;
    private boolean begun;
    private int searched;

    /** @param events whether the texts are the data of events, and not lines */
    EventRewriter(Minimiser minimiser, boolean events, CompiledAnswerRule compiled) {
        this.minimiser = minimiser;
        this.events = events;
        unreadablePasses = compiled.rule().unreadablePasses();
        tooLarge = compiled.tooLarge();
        bytesLeft = compiled.rule().bytesMax();
    }

    @Override
    public AnswerStep chunk(ByteBuf chunk) {
        try {
            bytesLeft -= chunk.readableBytes();
            if (bytesLeft < 0) {
                return tooLarge;
            }
            pending.discardReadBytes();
            pending.writeBytes(chunk);
            return passLines(chunk.alloc().buffer(pending.readableBytes() + 16), false);
        } finally {
            chunk.release();
        }
    }

    @Override
    public AnswerStep end(Headers trailers) {
        return passLines(ByteBufAllocator.DEFAULT.buffer(pending.readableBytes() + 16), true);
    }

    /** Moves what is complete, or at the {@code end} everything, into {@code out}, of which it takes ownership. */
    private AnswerStep passLines(ByteBuf out, boolean end) {
        Refusal refusal = UNREADABLE;
        try {
            refusal = lines(out, end);
        } finally {
            if (refusal != null) {
                out.release();
            }
        }
        return refusal != null ? refusal : new AnswerStep.Go(out);
    }

    private @Nullable Refusal lines(ByteBuf out, boolean end) {
        for (int line = pending.indexOf(pending.readerIndex() + searched, pending.writerIndex(), (byte) '\n');
                line >= 0; line = pending.indexOf(pending.readerIndex(), pending.writerIndex(), (byte) '\n')) {
            int from = pending.readerIndex();
            pending.readerIndex(line + 1);
            searched = 0;
            if (!line(pending.slice(from, line - from), out)) {
                return UNREADABLE;
            }
        }
        searched = pending.readableBytes();
        if (end) {
            boolean passes = !pending.isReadable() || line(pending.readSlice(pending.readableBytes()), out);
            return passes && (!unfinished() || event(out)) ? null : UNREADABLE;
        }
        boolean bounded =
                pending.readableBytes() + fields.readableBytes() + (long) data.readableBytes() <= EVENT_BYTES_MAX;
        return bounded ? null : UNREADABLE;
    }

    private boolean unfinished() {
        return hasData || fields.isReadable();
    }

    /** Takes one line without its end; returns whether the answer may go on. */
    private boolean line(ByteBuf line, ByteBuf out) {
        if (!begun) {
            begun = true;
            skip(line, BYTE_ORDER_MARK);
        }
        int length = line.readableBytes();
        if (length > 0 && line.getByte(line.writerIndex() - 1) == '\r') {
            line.writerIndex(line.writerIndex() - 1);
            length--;
        }
        if (!events) {
            boolean passes = length == 0 || rewrite(line, out, false);
            out.writeByte('\n');
            return passes;
        }
        if (length == 0) {
            return event(out);
        }
        field(line);
        return true;
    }

    private static void skip(ByteBuf line, byte[] beginning) {
        if (line.readableBytes() >= beginning.length
                && ByteBufUtil.equals(line, line.readerIndex(), Unpooled.wrappedBuffer(beginning), 0,
                        beginning.length)) {
            line.skipBytes(beginning.length);
        }
    }

    private void field(ByteBuf line) {
        int colon = line.indexOf(line.readerIndex(), line.writerIndex(), (byte) ':');
        int end = colon < 0 ? line.writerIndex() : colon;
        switch (line.toString(line.readerIndex(), Math.min(end - line.readerIndex(), 8), US_ASCII)) {
            case "data" -> {
                if (hasData) {
                    data.writeByte('\n');
                }
                hasData = true;
                int value = colon < 0 ? end : colon + 1;
                boolean space = value < line.writerIndex() && line.getByte(value) == ' ';
                line.readerIndex(space ? value + 1 : value);
                data.writeBytes(line);
            }
            case "event", "id", "retry" -> fields.writeBytes(line).writeByte('\n');
            case "" -> fields.writeByte(':').writeByte('\n'); // a comment: keeps the connection alive
            default -> {}
        }
    }

    /** An event is complete. */
    private boolean event(ByteBuf out) {
        out.writeBytes(fields);
        fields.clear();
        boolean passes = true;
        if (hasData) {
            hasData = false;
            passes = data.readableBytes() == DONE.length && ByteBufUtil.indexOf(Unpooled.wrappedBuffer(DONE), data) == 0
                    ? dataLines(data, out) : rewrite(data, out, true);
            data.clear();
        }
        out.writeByte('\n');
        return passes;
    }

    private boolean rewrite(ByteBuf text, ByteBuf out, boolean asData) {
        switch (minimiser.rewrite(text)) {
            case RewriteOutcome.Rewritten(ByteBuf rewritten) -> {
                write(rewritten, out, asData);
                rewritten.release();
            }
            case RewriteOutcome.Unchanged _ -> write(text, out, asData);
            case RewriteOutcome.Unreadable _ -> {
                if (!unreadablePasses) {
                    return false;
                }
                write(text, out, asData);
            }
        }
        return true;
    }

    private static void write(ByteBuf text, ByteBuf out, boolean asData) {
        if (asData) {
            dataLines(text, out);
        } else {
            out.writeBytes(text, text.readerIndex(), text.readableBytes());
        }
    }

    private static boolean dataLines(ByteBuf text, ByteBuf out) {
        int from = text.readerIndex();
        for (int line = text.indexOf(from, text.writerIndex(), (byte) '\n'); line >= 0; line =
                text.indexOf(from, text.writerIndex(), (byte) '\n')) {
            out.writeBytes(DATA).writeBytes(text, from, line + 1 - from);
            from = line + 1;
        }
        out.writeBytes(DATA).writeBytes(text, from, text.writerIndex() - from).writeByte('\n');
        return true;
    }

    @Override
    public void close() {
        pending.release();
        fields.release();
        data.release();
    }
}
