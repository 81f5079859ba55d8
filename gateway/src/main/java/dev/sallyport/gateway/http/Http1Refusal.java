package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.ProblemBody;
import dev.sallyport.gateway.call.Refusal;
import io.netty.buffer.Unpooled;
import java.util.Map;

/** Answers a request that was refused before it became an exchange: with a problem document, after which the connection closes. */
final class Http1Refusal {
    private Http1Refusal() {}

    static void send(Http1Output output, Refusal reason, String callId) {
        byte[] problem = ProblemBody.render(reason, callId);
        HeadWriter head = output.heads().status(reason.code().status());
        head.field("content-type", ProblemBody.MEDIA_TYPE).field("cache-control", "no-store").field("sallyport-call",
                callId);
        for (Map.Entry<String, String> field : reason.fields().entrySet()) {
            head.field(field.getKey(), field.getValue());
        }
        head.contentLength(problem.length).connection("close");
        output.head();
        output.data(Unpooled.wrappedBuffer(problem));
    }
}
