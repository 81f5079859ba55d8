package dev.sallyport.gateway.telemetry;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.JsonWriter;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: one line of JSON per call, and one per request that was refused before it became a call.
 *
 * <p>Event loops only put the ended call into a bounded queue; one thread encodes and writes. A full queue, a failed
 * write or a closed log lose lines, never time: what is lost is counted.
 *
 * <p>The writer is not woken for each call. While calls come it looks into the queue every {@value #PAUSE_MILLIS} ms and
 * writes what it finds in one go; only after a quiet stretch does it sleep until the next call wakes it, so a wake-up,
 * which costs more than the line, is paid once per burst.
 */
public final class AccessLog implements CallSink, AutoCloseable {
    /** At one look per pause this is room for 800,000 calls a second. */
    static final int QUEUE_ENTRIES = 8_192;
    /** Calls whose header values are longer are counted against {@link #HEAVY_CHARACTERS_MAX}. */
    static final int LIGHT_CHARACTERS_MAX = 8_192;
    /** Of all heavy calls in the queue together: a stalled disk must not turn large headers into used memory. */
    static final int HEAVY_CHARACTERS_MAX = 32 << 20;
    static final int PAUSE_MILLIS = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(AccessLog.class);
    private static final int QUIET_PAUSES = 20;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int LINE_BYTES_EXPECTED = 8 << 10;
    private static final long CLOSE_MILLIS = 5_000;

    private record Heavy(Call call, long characters) {}

    private record RefusedRequest(long epochMillis, String callId, Peer peer, Refusal refusal) {}

    private record Flush(CountDownLatch done) {}

    private final OutputStream output;
    private final boolean ownsOutput;
    private final Time time;
    private final MpscAtomicArrayQueue<Object> queue = new MpscAtomicArrayQueue<>(QUEUE_ENTRIES);
    private final AtomicLong heavyCharacters = new AtomicLong();
    private final LongAdder drops = new LongAdder();
    private final JsonWriter batch = new JsonWriter(BATCH_BYTES + LINE_BYTES_EXPECTED);
    private final AccessLogEncoder encoder = new AccessLogEncoder(batch);
    private final Thread writer;
    private volatile boolean asleep;
    private volatile boolean closed;
    private int lines;
    private boolean failing;

    /** Writes to {@code output}, which is flushed but never closed. */
    public AccessLog(OutputStream output, Time time) {
        this(output, false, time);
    }

    /**
     * Appends to the file at {@code path}, and opens a new one when that has been moved away.
     *
     * @throws IOException when it cannot be opened for writing
     */
    public AccessLog(Path path, Time time) throws IOException {
        this(new LogFile(path, time), true, time);
    }

    private AccessLog(OutputStream output, boolean ownsOutput, Time time) {
        this.output = requireNonNull(output, "output is null");
        this.ownsOutput = ownsOutput;
        this.time = requireNonNull(time, "time is null");
        writer = Thread.ofPlatform().name("access-log").daemon().unstarted(this::run);
        writer.start();
    }

    @Override
    public void ended(Call call) {
        long characters = characters(call);
        if (characters <= LIGHT_CHARACTERS_MAX) {
            offer(call);
        } else {
            offerHeavy(call, characters);
        }
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        offer(new RefusedRequest(time.epochMillis(), callId, peer, reason));
    }

    /** Lines lost so far. */
    public long drops() {
        return drops.sum();
    }

    /** Lines that wait to be written, at most {@value #QUEUE_ENTRIES}. */
    public int queued() {
        return queue.size();
    }

    /** Blocks until everything that ended before is written; not for event loops. */
    public void flush() throws InterruptedException {
        Flush flush = new Flush(new CountDownLatch(1));
        while (!closed && !queue.offer(flush)) {
            LockSupport.parkNanos(1_000_000);
        }
        LockSupport.unpark(writer);
        while (!closed && !flush.done.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            LockSupport.unpark(writer);
        }
    }

    /** Writes what is queued, for at most five seconds, and ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    boolean asleep() {
        return asleep;
    }

    private static long characters(Call call) {
        Headers headers = call.request().headers();
        long characters = 0;
        for (int i = 0; i < headers.size(); i++) {
            characters += headers.value(i).length();
        }
        return characters;
    }

    private void offerHeavy(Call call, long characters) {
        if (heavyCharacters.addAndGet(characters) > HEAVY_CHARACTERS_MAX) {
            heavyCharacters.addAndGet(-characters);
            drops.increment();
        } else if (!offer(new Heavy(call, characters))) {
            heavyCharacters.addAndGet(-characters);
        }
    }

    private boolean offer(Object entry) {
        if (closed || !queue.offer(entry)) {
            drops.increment();
            return false;
        }
        // The queue moves its index by a compare-and-set before this reads: either we see the writer asleep or it sees the entry.
        if (asleep) {
            asleep = false;
            LockSupport.unpark(writer);
        }
        return true;
    }

    private void run() {
        int quiet = 0;
        while (true) {
            boolean last = closed;
            int taken = drain();
            if (last && taken == 0) {
                break;
            }
            quiet = taken > 0 ? 0 : quiet + 1;
            if (quiet >= QUIET_PAUSES) {
                sleep();
            } else if (taken < QUEUE_ENTRIES / 4 && !closed) {
                LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000L);
            }
        }
        if (ownsOutput) {
            try {
                output.close();
            } catch (IOException failure) {
                LOGGER.warn("The access log could not be closed: {}", failure.getMessage());
            }
        }
    }

    private void sleep() {
        asleep = true;
        if (queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private int drain() {
        int taken = 0;
        for (Object entry = queue.poll(); entry != null; entry = queue.poll()) {
            taken++;
            if (entry instanceof Flush(CountDownLatch done)) {
                write();
                done.countDown();
                continue;
            }
            encode(entry);
            if (batch.length() >= BATCH_BYTES) {
                write();
            }
        }
        write();
        return taken;
    }

    private void encode(Object entry) {
        int start = batch.length();
        try {
            switch (entry) {
                case Call call -> encoder.encode(call);
                case Heavy(Call call, long characters) -> {
                    heavyCharacters.addAndGet(-characters);
                    encoder.encode(call);
                }
                case RefusedRequest(long epochMillis, String callId, Peer peer, Refusal refusal) ->
                        encoder.encode(epochMillis, callId, peer, refusal);
                default -> throw new IllegalStateException("not an entry: " + entry.getClass());
            }
            lines++;
        } catch (RuntimeException failure) {
            batch.rewind(start);
            drops.increment();
            LOGGER.error("A call could not be written to the access log", failure);
        }
    }

    private void write() {
        if (batch.length() == 0) {
            return;
        }
        try {
            batch.writeTo(output);
            output.flush();
            failing = false;
        } catch (IOException failure) {
            drops.add(lines);
            if (!failing) {
                failing = true;
                LOGGER.warn("The access log cannot be written, its lines are lost: {}", failure.getMessage());
            }
        }
        batch.clear();
        lines = 0;
    }
}
