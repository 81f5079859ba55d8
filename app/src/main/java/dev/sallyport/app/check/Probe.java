package dev.sallyport.app.check;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.http.AttemptFailure;
import dev.sallyport.gateway.http.AttemptListener;
import dev.sallyport.gateway.http.ClientConnection;
import dev.sallyport.gateway.http.ClientConnectionListener;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.ClientTarget;
import dev.sallyport.gateway.http.LoopContext;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One try to reach one endpoint: a connection as calls would have it, and one GET where a health path is configured. */
final class Probe implements ClientConnectionListener, AttemptListener {
    /** How a try ended. */
    sealed interface Outcome {
        record Reached() implements Outcome {}

        /** @param reason what happened, with the endpoint's name */
        record Unreachable(String reason) implements Outcome {}

        /** The endpoint was reached, and its health path did not answer as it should. */
        record Unwell(String reason) implements Outcome {}
    }

    private final LoopContext context;
    private final ClientTarget target;
    private final @Nullable RequestHead question;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private ClientConnector.@Nullable Opening opening;
    private @Nullable ClientConnection connection;

    /** @param question what to ask once there is a connection; null: nothing */
    Probe(LoopContext context, ClientTarget target, @Nullable RequestHead question) {
        this.context = requireNonNull(context, "context is null");
        this.target = requireNonNull(target, "target is null");
        this.question = question;
    }

    static RequestHead get(String authority, String path) {
        return new RequestHead(Protocol.HTTP_1_1, "GET", "http", authority, path, null,
                Headers.of("user-agent", "sallyport-check"), 0, null);
    }

    /** Begins on the probe's loop. Completes after {@code millis} at the latest. */
    CompletableFuture<Outcome> begin(ClientConnector connector, List<InetAddress> addresses, long millis) {
        context.loop().execute(() -> opening = connector.open(context, target, addresses, this));
        context.loop().schedule(() -> end(connection == null
                ? new Outcome.Unreachable(target.name() + ": no connection within " + Durations.text(millis))
                : new Outcome.Unwell(target.name() + ": no answer within " + Durations.text(millis))), millis,
                TimeUnit.MILLISECONDS);
        return outcome;
    }

    private void end(Outcome found) {
        if (!outcome.isDone()) {
            outcome.complete(found);
            if (connection != null) {
                connection.close();
            } else if (opening != null) {
                opening.abandon();
            }
        }
    }

    @Override
    public void opened(ClientConnection opened) {
        connection = opened;
        if (outcome.isDone()) {
            opened.close();
        } else if (question == null) {
            end(new Outcome.Reached());
        } else {
            opened.send(question, true, this);
        }
    }

    @Override
    public void openingFailed(AttemptFailure failure) {
        end(new Outcome.Unreachable(plainly(failure)));
    }

    @Override
    public void response(ResponseHead head, boolean end) {
        boolean well = head.status() >= 200 && head.status() < 400;
        end(well ? new Outcome.Reached()
                : new Outcome.Unwell(target.name() + ": answered its health check with " + head.status()));
    }

    @Override
    public void failed(AttemptFailure failure) {
        end(new Outcome.Unwell(plainly(failure)));
    }

    /** Without the address that the network's own words end with: the name stands at their beginning. */
    private static String plainly(AttemptFailure failure) {
        String detail = failure.detail();
        int address = detail.lastIndexOf(": /");
        return address < 0 ? detail : detail.substring(0, address);
    }

    @Override
    public void responseChunk(ByteBuf chunk) {
        chunk.release();
    }

    @Override
    public void available(ClientConnection ready) {}

    @Override
    public void closed(ClientConnection gone) {}

    @Override
    public void interim(ResponseHead head) {}

    @Override
    public void responseEnd(Headers trailers) {}

    @Override
    public void writable() {}
}
