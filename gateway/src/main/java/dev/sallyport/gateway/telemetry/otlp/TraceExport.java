package dev.sallyport.gateway.telemetry.otlp;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.telemetry.CallSink;
import dev.sallyport.gateway.telemetry.Tracing;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the spans of recorded calls to a collector. Event loops only put the ended call into a bounded queue; one thread
 * encodes and posts a batch a second, or sooner when many wait. What does not fit, or cannot be delivered, is lost and counted.
 */
public final class TraceExport implements CallSink, AutoCloseable {
    static final int QUEUE_CALLS = 2_048;
    static final int BATCH_CALLS = 512;
    /** Header values of all calls in the queue together: an unreachable collector must not turn large headers into used memory. */
    static final int QUEUE_CHARACTERS_MAX = 16 << 20;

    private static final Logger LOGGER = LoggerFactory.getLogger(TraceExport.class);
    private static final long BATCH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_MILLIS = 5_000;

    private record Recorded(Call call, long characters) {}

    private record Flush(CountDownLatch done) {}

    private final Tracing tracing;
    private final Time time;
    private final Map<String, String> resource;
    private final OtlpSender sender;
    private final MpscAtomicArrayQueue<Object> queue = new MpscAtomicArrayQueue<>(QUEUE_CALLS);
    private final AtomicLong queuedCharacters = new AtomicLong();
    private final LongAdder exported = new LongAdder();
    private final LongAdder undelivered = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder overflowed = new LongAdder();
    private final Thread exporter;
    private volatile boolean asleep;
    private volatile boolean closed;
    private boolean failing;

    /** @param resource what is said of this gateway with each batch, such as {@code service.name} */
    public TraceExport(Collector collector, Tracing tracing, Map<String, String> resource, Time time,
            SplittableRandom random) {
        this.tracing = requireNonNull(tracing, "tracing is null");
        this.time = requireNonNull(time, "time is null");
        this.resource = Map.copyOf(resource);
        sender = new OtlpSender(collector.url(), collector.tls(), random, this::pause);
        exporter = Thread.ofPlatform().name("traces").daemon().unstarted(this::run);
        exporter.start();
    }

    @Override
    public void ended(Call call) {
        if (!tracing.recorded(call, time.nanos())) {
            return;
        }
        long characters = characters(call.request().headers());
        if (queuedCharacters.addAndGet(characters) > QUEUE_CHARACTERS_MAX || closed
                || !queue.offer(new Recorded(call, characters))) {
            queuedCharacters.addAndGet(-characters);
            overflowed.increment();
        } else if (asleep && queue.size() >= BATCH_CALLS) {
            asleep = false;
            LockSupport.unpark(exporter);
        }
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {}

    /** Spans that the collector took. */
    public long exported() {
        return exported.sum();
    }

    /** Spans that could not be delivered. */
    public long undelivered() {
        return undelivered.sum();
    }

    /** Spans that the collector did not want. */
    public long rejected() {
        return rejected.sum();
    }

    /** Calls whose spans were lost because the queue was full. */
    public long overflowed() {
        return overflowed.sum();
    }

    /** Calls that wait, at most {@value #QUEUE_CALLS}. */
    public int queued() {
        return queue.size();
    }

    /** Blocks until everything that ended before is delivered or lost; not for event loops. */
    public void flush() throws InterruptedException {
        Flush flush = new Flush(new CountDownLatch(1));
        while (!closed && !queue.offer(flush)) {
            LockSupport.parkNanos(1_000_000);
        }
        while (!closed && !flush.done.await(10, TimeUnit.MILLISECONDS)) {
            LockSupport.unpark(exporter);
        }
    }

    /** Tries once to deliver what is queued, for at most five seconds, and ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(exporter);
        try {
            exporter.join(CLOSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static long characters(Headers headers) {
        long characters = 0;
        for (int i = 0; i < headers.size(); i++) {
            characters += headers.value(i).length();
        }
        return characters;
    }

    private void run() {
        while (true) {
            boolean last = closed;
            int taken = exportBatch();
            if (last && taken == 0) {
                return;
            }
            if (taken < BATCH_CALLS && !closed) {
                sleep();
            }
        }
    }

    private void sleep() {
        asleep = true;
        if (queue.size() < BATCH_CALLS && !closed) {
            LockSupport.parkNanos(this, BATCH_NANOS);
        }
        asleep = false;
    }

    /** Waits between attempts, unless the gateway is ending. A wake-up for another reason only shortens one wait. */
    private boolean pause(long nanos) {
        if (!closed) {
            LockSupport.parkNanos(this, nanos);
        }
        return !closed;
    }

    /** Takes what waits, up to a batch, and delivers it; returns how much was taken. */
    private int exportBatch() {
        Object entry = queue.poll();
        if (entry == null) {
            return 0;
        }
        SpanEncoder encoder = new SpanEncoder(resource);
        Flush flush = null;
        int taken = 0;
        while (entry != null) {
            taken++;
            if (entry instanceof Flush wanted) {
                flush = wanted;
                break;
            }
            encode((Recorded) entry, encoder);
            entry = taken == BATCH_CALLS ? null : queue.poll();
        }
        if (encoder.spans() > 0) {
            deliver(encoder);
        }
        if (flush != null) {
            flush.done.countDown();
        }
        return taken;
    }

    private void encode(Recorded recorded, SpanEncoder encoder) {
        queuedCharacters.addAndGet(-recorded.characters);
        try {
            encoder.add(recorded.call);
        } catch (RuntimeException failure) {
            undelivered.increment();
            LOGGER.error("A call could not be written as a trace", failure);
        }
    }

    private void deliver(SpanEncoder encoder) {
        int spans = encoder.spans();
        ProtobufWriter request = encoder.finish();
        switch (sender.send(request.array(), request.length())) {
            case Delivery.Taken(long unwanted) -> {
                long counted = Math.min(unwanted, spans);
                rejected.add(counted);
                exported.add(spans - counted);
                if (failing) {
                    LOGGER.info("Traces are delivered again");
                }
                failing = false;
            }
            case Delivery.Lost(String reason) -> {
                undelivered.add(spans);
                if (!failing) {
                    LOGGER.warn("Traces cannot be delivered and are lost: {}", reason);
                }
                failing = true;
            }
        }
    }
}
