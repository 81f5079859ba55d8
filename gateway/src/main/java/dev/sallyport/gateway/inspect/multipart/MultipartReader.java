package dev.sallyport.gateway.inspect.multipart;

import dev.sallyport.gateway.inspect.multipart.MultipartOutcome.Malformed;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome.Parts;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome.TooLarge;
import dev.sallyport.gateway.inspect.multipart.PartHead.Broken;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole multipart/form-data body (RFC 7578). It takes one form only, the one that common clients send: it begins with the
 * delimiter, lines end with CRLF, the delimiter occurs nowhere else, nothing follows the last one. Whatever one reader would
 * forgive and another not is malformed, so that no part can be seen by the model that was not seen here. Copies no content.
 */
public final class MultipartReader {
    private static final int HEAD_ENDLESS = -1;
    private static final int HEAD_TOO_LONG = -2;

    private final ByteBuffer body;
    private final Boundary boundary;
    private final MultipartLimits limits;

    private MultipartReader(ByteBuffer body, Boundary boundary, MultipartLimits limits) {
        this.body = body;
        this.boundary = boundary;
        this.limits = limits;
    }

    /** @param body read without moving its indices; the caller keeps ownership */
    public static MultipartOutcome read(ByteBuf body, Boundary boundary, MultipartLimits limits) {
        return new MultipartReader(body.nioBuffer().slice(), boundary, limits).read();
    }

    private MultipartOutcome read() {
        if (!boundary.isAt(body, 0)) {
            return new Malformed("body",
                    boundary.find(body, 0) < 0 ? "the boundary that Content-Type names does not occur"
                            : "something stands in front of the first boundary");
        }
        List<Part> parts = new ArrayList<>();
        int at = boundary.length();
        while (true) {
            if (ends(at)) {
                return parts.isEmpty() ? new Malformed("body", "it has no part") : new Parts(parts);
            }
            int number = parts.size() + 1;
            String called = "part " + number;
            if (!isLineEnd(at)) {
                return new Malformed(parts.isEmpty() ? "body" : parts.getLast().shown(), afterBoundary(at));
            }
            if (number > limits.parts()) {
                return new TooLarge("body", "it has more than " + limits.parts() + " parts", limits.parts());
            }
            int content = headEnd(at + 2);
            if (content < 0) {
                return content == HEAD_TOO_LONG ? new TooLarge(called,
                        "its header section is longer than " + limits.headerBytes() + " bytes", limits.headerBytes())
                        : new Malformed(called, "its header section does not end");
            }
            PartHead head;
            try {
                head = PartHead.read(body, at + 2, content - 4, limits);
            } catch (Broken broken) {
                return new Malformed(called, String.valueOf(broken.getMessage()));
            }
            int next = boundary.find(body, content);
            Part part = new Part(number, head.name(), head.fileName(), head.type(), at + 2, content,
                    Math.max(0, next - 2 - content));
            Malformed wrong = wrong(part, head, next);
            if (wrong != null) {
                return wrong;
            }
            parts.add(part);
            at = next + boundary.length();
        }
    }

    /** Where the content begins behind the header section that begins at {@code start}; or why nowhere. */
    private int headEnd(int start) {
        int last = Math.min(body.limit(), start + limits.headerBytes()) - 3;
        for (int i = start - 2; i < last; i++) {
            if (body.get(i) == '\r' && isLineEnd(i) && isLineEnd(i + 2)) {
                return i + 4;
            }
        }
        return last + 3 == body.limit() ? HEAD_ENDLESS : HEAD_TOO_LONG;
    }

    private @Nullable Malformed wrong(Part part, PartHead head, int next) {
        if (next < 0) {
            return new Malformed(part.shown(), "the last boundary is missing");
        }
        if (next - 2 < part.start() || !isLineEnd(next - 2)) {
            return new Malformed(part.shown(), "the boundary occurs where no line begins with CRLF in front of it");
        }
        if (head.contentLength() >= 0 && head.contentLength() != part.length()) {
            return new Malformed(part.shown(), "its Content-Length is not its length");
        }
        return null;
    }

    private String afterBoundary(int at) {
        if (at == body.limit()) {
            return "the last boundary is missing";
        }
        return at + 1 < body.limit() && body.get(at) == '-' && body.get(at + 1) == '-'
                ? "something follows the last boundary" : "a boundary is followed by something else than CRLF";
    }

    private boolean isLineEnd(int at) {
        return at + 1 < body.limit() && body.get(at) == '\r' && body.get(at + 1) == '\n';
    }

    /** Whether the body ends with the two hyphens at {@code at}, and a CRLF if there is one. */
    private boolean ends(int at) {
        int rest = body.limit() - at;
        return (rest == 2 || rest == 4 && isLineEnd(at + 2)) && body.get(at) == '-' && body.get(at + 1) == '-';
    }
}
