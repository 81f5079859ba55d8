package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parsers of HTTP/1.1 and of the PROXY protocol on any bytes: they end, they answer with a message or a violation, and
 * it makes no difference in how many pieces the bytes arrive. The first byte says how long the pieces are.
 */
public final class Http1ParserFuzz {
    private static final int MESSAGES_MAX = 64;

    private Http1ParserFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int piece = (input[0] & 0x7F) + 1;
        same(requests(input, input.length), requests(input, piece));
        same(responses(input, input.length), responses(input, piece));
        proxyHeader(input);
    }

    private static void same(List<String> whole, List<String> pieces) {
        if (!whole.equals(pieces)) {
            throw new AssertionError("in one piece " + whole + ", in several " + pieces);
        }
    }

    private static List<String> requests(byte[] input, int piece) {
        RequestParser parser = new RequestParser(Limits.DEFAULTS, new Scratch());
        return read(parser, input, piece, () -> {
            RequestTarget target = parser.target();
            long length = BodyLength.ofRequest(parser.fields(), parser.protocol());
            return new Message(parser.method() + ' ' + target.scheme() + ' ' + target.authority() + ' ' + target.path()
                    + ' ' + target.query() + ' ' + fields(parser.fields()), length);
        });
    }

    private static List<String> responses(byte[] input, int piece) {
        ResponseParser parser = new ResponseParser(Limits.DEFAULTS, new Scratch());
        return read(parser, input, piece, () -> {
            long length = BodyLength.ofResponse(parser.fields(), parser.protocol(), parser.status(), false);
            return new Message(parser.status() + " " + fields(parser.fields()),
                    length == BodyLength.UNTIL_CLOSE ? Long.MAX_VALUE : length);
        });
    }

    private record Message(String head, long bodyLength) {}

    private interface Head {
        Message message() throws ProtocolViolation;
    }

    /** What was read, message by message, and how it ended; the violation of a body's middle does not depend on where a piece ends. */
    private static List<String> read(HeadParser parser, byte[] input, int piece, Head head) {
        List<String> read = new ArrayList<>();
        ByteBuf in = Unpooled.buffer(input.length);
        RequestBody body = null;
        StringBuilder bytes = new StringBuilder();
        try {
            for (int at = 1; at < input.length; at += piece) {
                in.writeBytes(input, at, Math.min(piece, input.length - at));
                while (read.size() < MESSAGES_MAX) {
                    if (body == null) {
                        if (!in.isReadable() || !parser.parse(in)) {
                            break;
                        }
                        Message message = head.message();
                        read.add(message.head());
                        body = new RequestBody(Limits.DEFAULTS, new Scratch());
                        body.begin(message.bodyLength());
                        bytes.setLength(0);
                    }
                    for (ByteBuf chunk = body.next(in); chunk != null; chunk = body.next(in)) {
                        bytes.append(chunk.toString(StandardCharsets.ISO_8859_1));
                        chunk.release();
                    }
                    if (!body.done()) {
                        break;
                    }
                    read.add("body " + bytes);
                    body = null;
                }
            }
            read.add(body == null ? "between messages" : "in a body behind " + bytes);
        } catch (ProtocolViolation violation) {
            // Which of several violations is named may depend on how much had arrived.
            read.add("refused");
        } finally {
            in.release();
        }
        return read;
    }

    private static String fields(FieldSection section) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < section.headers().size(); i++) {
            text.append(section.headers().name(i)).append('=').append(section.headers().value(i)).append('\n');
        }
        return text.append(section.host()).append(section.contentLength()).append(section.transferEncoding())
                .append(section.close()).append(section.keepAlive()).toString();
    }

    private static void proxyHeader(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input, 1, input.length - 1);
        try {
            ProxyHeader.read(in);
        } catch (ProtocolViolation refused) {
            // As good an answer as any other.
        } finally {
            in.release();
        }
    }
}
