package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.CallIds;
import dev.sallyport.gateway.call.Time;
import io.netty.channel.EventLoop;
import java.util.SplittableRandom;

/** What every room needs of an event loop: its timer, its call ids, its randomness. One per loop; confined to it. */
public final class LoopContext {
    private final EventLoop loop;
    private final Time time;
    private final LoopTimer timer;
    private final SplittableRandom random;
    private final CallIds callIds;
    private final Scratch scratch = new Scratch();

    public LoopContext(EventLoop loop, Time time, long seed) {
        this.loop = loop;
        this.time = time;
        timer = new LoopTimer(loop, time);
        random = new SplittableRandom(seed);
        callIds = new CallIds(time, random.split());
    }

    public EventLoop loop() {
        return loop;
    }

    public Time time() {
        return time;
    }

    public LoopTimer timer() {
        return timer;
    }

    public SplittableRandom random() {
        return random;
    }

    public CallIds callIds() {
        return callIds;
    }

    Scratch scratch() {
        return scratch;
    }
}
