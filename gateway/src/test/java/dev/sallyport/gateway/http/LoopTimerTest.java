package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Time;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimerTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Loops loops = new Loops(1, new Time() {
        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    }, new SplittableRandom(1));
    private final EventLoop loop = (EventLoop) loops.group().iterator().next();
    private final LoopTimer timer = loops.context(loop).timer();
    private final List<String> expired = new ArrayList<>();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void expiresWhatIsDueAndNothingElse() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        loop.submit(() -> {
            LoopTimer.Timeout moved = timeout("moved", last);
            LoopTimer.Timeout disarmed = timeout("disarmed", last);
            timer.armMillis(timeout("early", last), 10);
            timer.armMillis(moved, 10);
            timer.armMillis(disarmed, 10);
            timer.armMillis(timeout("last", last), 20);
            timer.armMillis(moved, 5_000);
            timer.disarm(disarmed);
            nanos.set(TimeUnit.MILLISECONDS.toNanos(20));
        }).sync();

        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
        loop.submit(() -> assertThat(expired).containsExactlyInAnyOrder("early", "last")).sync();
    }

    @Test
    void oneThatExpiresMayArmItselfAgain() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        loop.submit(() -> timer.armMillis(new LoopTimer.Timeout() {
            @Override
            protected void expired() {
                thrice.countDown();
                nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
                timer.armMillis(this, 0);
            }
        }, 0)).sync();

        assertThat(thrice.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void oneThatIsDisarmedByAnotherOfTheSameTickDoesNotExpire() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        loop.submit(() -> {
            LoopTimer.Timeout[] pair = new LoopTimer.Timeout[2];
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                pair[i] = new LoopTimer.Timeout() {
                    @Override
                    protected void expired() {
                        expired.add("one");
                        timer.disarm(pair[other]);
                        loop.execute(done::countDown);
                    }
                };
            }
            timer.armMillis(pair[0], 1);
            timer.armMillis(pair[1], 1);
            nanos.set(TimeUnit.SECONDS.toNanos(1));
        }).sync();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        loop.submit(() -> assertThat(expired).containsExactly("one")).sync();
    }

    private LoopTimer.Timeout timeout(String name, CountDownLatch last) {
        return new LoopTimer.Timeout() {
            @Override
            protected void expired() {
                expired.add(name);
                if (name.equals("last")) {
                    last.countDown();
                }
            }
        };
    }
}
