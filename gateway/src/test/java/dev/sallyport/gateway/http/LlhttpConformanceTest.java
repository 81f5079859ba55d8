package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.testing.conformance.ConformanceReport;
import dev.sallyport.gateway.testing.conformance.Vectors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Every case of llhttp's suite that is not about its lenient modes, against our parser: an error where it reports one, else
 * the same messages. Where we are stricter on purpose the case is declared below, with the reason.
 */
final class LlhttpConformanceTest {
    private static final ConformanceReport REPORT = new ConformanceReport("llhttp cases, against the parser");

    /** Names, without `llhttp/`, of the cases from which we differ on purpose. */
    private static final Map<String, String> DECLARED = Map.ofEntries(
            Map.entry("request/invalid/ICE protocol, but not really / HTTP protocol and ANNOUNCE method",
                    "an unknown method is the policy's matter"),
            Map.entry("request/method/CONNECT request / SOURCE request with ICE", "HTTP only"),
            Map.entry("request/uri/", "a path must escape quotes"),
            Map.entry("request/uri/Fragment in URI", "no fragment in a request"),
            Map.entry("response/sample/HTTP version 0.9", "HTTP/1.0 and 1.1 only"),
            Map.entry("response/sample/RTSP response", "HTTP only"),
            Map.entry("response/transfer-encoding/chunkedchunked` transfer-encoding does not enable chunked enconding",
                    "a coding that we cannot read hides where the body ends"),
            Map.entry("response/transfer-encoding/multiple transfer-encoding where chunked is not the last one",
                    "a coding that we cannot read hides where the body ends"),
            Map.entry("url/Complex URL fragment", "no fragment in a request"),
            Map.entry("url/IPv6 address with Zone ID, but `%` is not percent-encoded", "no zone in a host"),
            Map.entry("url/Proxy basic auth with unreserved chars", "no user information in a target"),
            Map.entry("url/Proxy basic auth with url encoded space", "no user information in a target"),
            Map.entry("url/Relative URL", "no fragment in a request"));

    @AfterAll
    static void report() {
        REPORT.write(Path.of("target", "conformance-llhttp.txt"));
    }

    @TestFactory
    Stream<DynamicTest> passes() {
        return Vectors.load("llhttp.jsonl").stream()
                .map(LlhttpCase::new)
                .filter(vector -> !vector.lenient())
                .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> run(vector)));
    }

    private static void run(LlhttpCase vector) {
        String problem = problem(vector);
        String name = vector.name().substring("llhttp/".length());
        String category = name.startsWith("url/") ? "url" : name.substring(0, name.indexOf('/', name.indexOf('/') + 1));
        String reason = DECLARED.get(name);
        if (reason == null) {
            REPORT.count(category, name, problem);
        } else {
            REPORT.declare(category, name, reason);
        }
        assertThat(problem.isEmpty()).as("%s; %s", problem, vector.bytes()).isEqualTo(reason == null);
    }

    private static String problem(LlhttpCase vector) {
        ByteBuf in = Unpooled.buffer().writeBytes(vector.bytes().getBytes(StandardCharsets.ISO_8859_1));
        List<LlhttpCase.Message> read = new ArrayList<>();
        String error = "";
        try {
            if (vector.type().equals("url")) {
                RequestTarget target = new RequestTarget();
                target.parse("GET", in.array(), 0, in.readableBytes());
                if (target.authority() != null) {
                    Authority.normalise(target.authority(), false);
                }
            } else if (vector.response()) {
                responses(in, vector.toHead(), read);
            } else {
                requests(in, read);
            }
        } catch (ProtocolViolation violation) {
            error = violation.detail();
        }
        if (vector.error()) {
            return error.isEmpty() ? "read without error" : "";
        }
        if (!error.isEmpty()) {
            return "refused: " + error;
        }
        List<LlhttpCase.Message> expected = vector.type().equals("url") ? List.of()
                : vector.messages().stream().map(LlhttpConformanceTest::travelling).toList();
        return read.equals(expected) ? "" : "read " + read + " instead of " + expected;
    }

    private static void requests(ByteBuf in, List<LlhttpCase.Message> read) throws ProtocolViolation {
        RequestParser parser = new RequestParser(Limits.DEFAULTS, new Scratch());
        while (in.isReadable() && parser.parse(in)) {
            RequestTarget target = parser.target();
            String url = (target.scheme() == null ? "" : target.scheme() + "://" + target.authority()) + target.path()
                    + (target.query() == null ? "" : "?" + target.query());
            long length = BodyLength.ofRequest(parser.fields(), parser.protocol());
            read.add(new LlhttpCase.Message(parser.method() + " " + url, fields(parser.fields()), body(in, length)));
            boolean close =
                    parser.fields().close() || parser.protocol() == Protocol.HTTP_1_0 && !parser.fields().keepAlive();
            if (close && in.isReadable() && !in.toString(StandardCharsets.ISO_8859_1).isBlank()) {
                throw ProtocolViolation.malformed("What follows `Connection: close` is never read.");
            }
        }
    }

    private static void responses(ByteBuf in, boolean toHead, List<LlhttpCase.Message> read) throws ProtocolViolation {
        ResponseParser parser = new ResponseParser(Limits.DEFAULTS, new Scratch());
        while (in.isReadable() && parser.parse(in)) {
            long length = BodyLength.ofResponse(parser.fields(), parser.protocol(), parser.status(), toHead);
            String body = length == BodyLength.UNTIL_CLOSE
                    ? in.readCharSequence(in.readableBytes(), StandardCharsets.ISO_8859_1).toString()
                    : body(in, length);
            read.add(new LlhttpCase.Message("", fields(parser.fields()), body));
        }
    }

    private static String body(ByteBuf in, long length) throws ProtocolViolation {
        RequestBody body = new RequestBody(Limits.DEFAULTS, new Scratch());
        body.begin(length);
        StringBuilder text = new StringBuilder();
        for (ByteBuf chunk = body.next(in); chunk != null; chunk = body.next(in)) {
            text.append(chunk.toString(StandardCharsets.ISO_8859_1));
            chunk.release();
        }
        return text.toString();
    }

    /** What reached the parser's caller, the connection's own fields in a fixed order behind the others. */
    private static List<Map.Entry<String, String>> fields(FieldSection section) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (int i = 0; i < section.headers().size(); i++) {
            fields.add(Map.entry(section.headers().name(i), section.headers().value(i)));
        }
        add(fields, "host", section.host());
        add(fields, "content-length", section.contentLength());
        add(fields, "transfer-encoding", section.transferEncoding());
        return fields;
    }

    private static void add(List<Map.Entry<String, String>> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.add(Map.entry(name, value));
        }
    }

    /** The expected message without what ends at this hop, in the order of {@link #fields}. */
    private static LlhttpCase.Message travelling(LlhttpCase.Message message) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        List<String> last = List.of("host", "content-length", "transfer-encoding");
        for (Map.Entry<String, String> field : message.fields()) {
            FieldName known = FieldName.find(field.getKey());
            if (known == null || known.role() == FieldName.Role.END_TO_END) {
                fields.add(field);
            }
        }
        for (String name : last) {
            message.fields().stream().filter(field -> field.getKey().equals(name)).forEach(fields::add);
        }
        String start = message.start().matches("\\S+ \\w+://[^/?]*") ? message.start() + "/"
                : message.start().replaceFirst("(://[^/?]*)\\?", "$1/?");
        return new LlhttpCase.Message(start, fields, message.body());
    }
}
