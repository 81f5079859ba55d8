package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.Exchange;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Sends a refusal: a problem document (RFC 9457), or for gRPC a status in trailers (gRPC over HTTP/2, Trailers-Only). */
final class RefusalResponse {
    private static final byte[] NOTHING = {};

    private final Call call;
    private final Refusal refusal;
    private final byte[] body;

    private RefusalResponse(Call call, Refusal refusal, byte[] body) {
        this.call = call;
        this.refusal = refusal;
        this.body = body;
    }

    static RefusalResponse of(Call call, Refusal refusal) {
        return new RefusalResponse(call, refusal,
                call.request().isGrpc() ? NOTHING : ProblemBody.render(refusal, call.id()));
    }

    /** How much body goes to the client, in bytes. */
    int bodyBytes() {
        return bodiless() ? 0 : body.length;
    }

    private boolean bodiless() {
        return call.request().method().equals("HEAD");
    }

    void send(Exchange exchange) {
        Headers headers = new Headers(8);
        headers.add(UpstreamRequest.CALL_FIELD, call.id());
        refusal.fields().forEach(headers::add);
        Headers fields = call.answerFields();
        if (fields != null) {
            headers.addAll(fields);
        }
        if (call.request().isGrpc()) {
            headers.add("content-type", "application/grpc");
            headers.add("grpc-status", Integer.toString(refusal.code().grpcStatus().number()));
            headers.add("grpc-message", percentEncoded(refusal.code().text() + ": " + refusal.detail()));
            exchange.respond(new ResponseHead(200, headers, 0), true);
            return;
        }
        headers.add("content-type", ProblemBody.MEDIA_TYPE);
        headers.add("cache-control", "no-store");
        ResponseHead head = new ResponseHead(refusal.code().status(), headers, body.length);
        if (bodiless()) {
            exchange.respond(head, true);
            return;
        }
        exchange.respond(head, false);
        exchange.chunk(Unpooled.wrappedBuffer(body));
        exchange.end(new Headers(0));
    }

    /** A status message as gRPC wants it: bytes outside 0x20 to 0x7E, and the percent sign, as %XX. */
    static String percentEncoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length + 16);
        for (byte each : bytes) {
            if (each >= 0x20 && each <= 0x7e && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append('%').append(Character.toUpperCase(Character.forDigit(each >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(each & 15, 16)));
            }
        }
        return encoded.toString();
    }
}
