package dev.sallyport.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.ManualTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** How long the addresses of a name are kept, and who waits for a look-up. */
final class AddressesTest {
    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final InetAddress one = address(1);
    private final InetAddress two = address(2);
    private List<InetAddress> answer = List.of(one, two);
    private boolean unknown;
    private int lookUps;

    private final Addresses addresses = new Addresses("model.example", host -> {
        assertThat(host).isEqualTo("model.example");
        lookUps++;
        if (unknown) {
            throw new UnknownHostException(host);
        }
        return answer;
    }, tasks::add, time);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[]{10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<List<InetAddress>> lookUp() {
        CompletableFuture<List<InetAddress>> found = addresses.later().toCompletableFuture();
        tasks.forEach(Runnable::run);
        tasks.clear();
        return found;
    }

    @Test
    void areKeptForHalfAMinute() {
        assertThat(addresses.now()).isNull();
        assertThat(lookUp()).isCompletedWithValue(List.of(one, two));
        time.pass(Duration.ofSeconds(Addresses.KEPT_SECONDS).minusNanos(1));
        assertThat(addresses.now()).containsExactly(one, two);
        time.passNanos(1);

        assertThat(addresses.now()).isNull();
        answer = List.of(two);
        assertThat(lookUp()).isCompletedWithValue(List.of(two));
        assertThat(lookUps).isEqualTo(2);
    }

    @Test
    void concurrentAskersShareALookUp() {
        CompletableFuture<List<InetAddress>> first = addresses.later().toCompletableFuture();
        CompletableFuture<List<InetAddress>> second = addresses.later().toCompletableFuture();
        assertThat(tasks).hasSize(1);
        tasks.remove().run();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void areKeptForLongerWhileTheNameServiceDoesNotAnswer() {
        lookUp();
        unknown = true;
        time.pass(Duration.ofHours(1));

        assertThat(addresses.now()).isNull();
        assertThat(lookUp()).isCompletedWithValue(List.of(one, two));
    }

    @Test
    void anUnknownNameFailsAndIsLookedUpAgain() {
        unknown = true;
        assertThat(lookUp()).isCompletedExceptionally();
        unknown = false;

        assertThat(lookUp()).isCompletedWithValue(List.of(one, two));
    }

    @Test
    void failWhenTooManyLookUpsWait() {
        Addresses crowded = new Addresses("model.example", host -> answer, task -> {
            throw new RejectedExecutionException();
        }, time);

        assertThat(crowded.later().toCompletableFuture()).isCompletedExceptionally();
        assertThat(crowded.later().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aLiteralAddressNeedsNoLookUp() {
        for (String literal : List.of("127.0.0.1", "::1")) {
            Addresses known = new Addresses(literal, host -> {
                throw new UnknownHostException(host);
            }, tasks::add, time);
            time.pass(Duration.ofDays(1));

            assertThat(known.now()).hasSize(1);
        }
    }

    @Test
    void beginWithAnotherOneAfterTheFirstDidNotAnswer() {
        lookUp();
        addresses.rotate();
        assertThat(addresses.now()).containsExactly(two, one);
        addresses.rotate();

        assertThat(addresses.now()).containsExactly(one, two);
    }
}
