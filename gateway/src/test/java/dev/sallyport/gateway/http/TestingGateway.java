package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One listener on loopback with its loops, and a clock that a test moves on. */
final class TestingGateway implements AutoCloseable {
    final Clock clock = new Clock();
    final Loops loops;
    final Connections connections;
    final Listener listener;

    private TestingGateway(Limits limits, ExchangeHandler handler, @Nullable ServerTls tls, List<Network> trusted,
            boolean proxyProtocol, boolean nio) throws IOException {
        loops = nio ? Loops.nio(2, clock, new SplittableRandom(1)) : new Loops(2, clock, new SplittableRandom(1));
        connections = new Connections(limits);
        try {
            listener =
                    Listener.open(new ListenerSpec(new InetSocketAddress("127.0.0.1", 0), tls, trusted, proxyProtocol),
                            loops, limits, handler, connections);
        } catch (IOException e) {
            loops.close();
            throw e;
        }
    }

    static TestingGateway plain(ExchangeHandler handler) throws IOException {
        return plain(Limits.DEFAULTS, handler);
    }

    static TestingGateway plain(Limits limits, ExchangeHandler handler) throws IOException {
        return new TestingGateway(limits, handler, null, List.of(), false, false);
    }

    static TestingGateway nio(@Nullable ServerTls tls, ExchangeHandler handler) throws IOException {
        return new TestingGateway(Limits.DEFAULTS, handler, tls, List.of(), false, true);
    }

    static TestingGateway secure(ServerTls tls, ExchangeHandler handler) throws IOException {
        return secure(Limits.DEFAULTS, tls, handler);
    }

    static TestingGateway secure(Limits limits, ServerTls tls, ExchangeHandler handler) throws IOException {
        return new TestingGateway(limits, handler, tls, List.of(), false, false);
    }

    static TestingGateway behindProxy(Limits limits, ExchangeHandler handler, boolean proxyProtocol, Network... trusted)
            throws IOException {
        return new TestingGateway(limits, handler, null, List.of(trusted), proxyProtocol, false);
    }

    InetSocketAddress address() {
        return listener.address();
    }

    RawHttp2Client connect() throws IOException {
        return RawHttp2Client.connect(address());
    }

    /** Lets time pass, and the timers of all loops notice. */
    void pass(long millis) throws InterruptedException {
        clock.advanceMillis(millis);
        for (LoopContext context : loops.contexts()) {
            context.loop().schedule(() -> {}, 3 * LoopTimer.TICK_MILLIS, TimeUnit.MILLISECONDS).sync();
        }
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
    }

    /** Time that passes when a test says so, and by a microsecond with each look at it. */
    static final class Clock implements Time {
        private final AtomicLong now = new AtomicLong();

        void advanceMillis(long millis) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        @Override
        public long nanos() {
            return now.addAndGet(1_000);
        }

        @Override
        public long epochMillis() {
            return TimeUnit.NANOSECONDS.toMillis(now.get());
        }
    }
}
