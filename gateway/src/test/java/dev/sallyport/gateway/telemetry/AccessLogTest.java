package dev.sallyport.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessLogTest {
    private final TestingCalls.FixedTime time = new TestingCalls.FixedTime();

    @Test
    void writesAllThatIsKnownOfAnAnsweredCall() throws Exception {
        assertThat(lines(TestingCalls.answered()))
                .containsExactly(
                        "{\"time\":\"2026-11-01T12:00:00.123Z\",\"call\":\"01K8ZZZZZZZZZZZZZZZZZZZZZZ\",\"client\":\"203.0.113.7\","
                                + "\"caller\":\"partner\",\"cohort\":\"partner\",\"method\":\"POST\",\"authority\":\"models.example:8080\","
                                + "\"path\":\"/resnet/predict\",\"protocol\":\"HTTP/1.1\",\"resource\":\"resnet\",\"version\":\"2\","
                                + "\"endpoint\":\"127.0.0.1:8000\",\"attempts\":1,\"outcome\":\"success\",\"status\":200,"
                                + "\"controls\":[\"identify\",\"limit\"],\"phases_ns\":{\"parse\":1000,\"identify\":2000,\"last_byte\":6997000},"
                                + "\"request_bytes\":1024,\"response_bytes\":70,\"total_ns\":7000000}");
    }

    @Test
    void leavesOutWhatDoesNotApplyToARefusedCall() throws Exception {
        assertThat(lines(TestingCalls.refused(RefusalCode.CREDENTIAL_MISSING)))
                .containsExactly(
                        "{\"time\":\"2026-11-01T12:00:00.123Z\",\"call\":\"01K8ZZZZZZZZZZZZZZZZZZZZZZ\",\"client\":\"203.0.113.7\","
                                + "\"method\":\"POST\",\"authority\":\"models.example:8080\",\"path\":\"/resnet/predict\",\"protocol\":\"HTTP/1.1\","
                                + "\"attempts\":0,\"outcome\":\"client\",\"status\":401,\"refusal\":\"credential-missing\","
                                + "\"detail\":\"No \\\"key\\\" was sent.\",\"controls\":[\"identify\"],\"phases_ns\":{\"identify\":2000},"
                                + "\"request_bytes\":0,\"response_bytes\":0,\"total_ns\":2000}");
    }

    @Test
    void writesARequestThatNeverBecameACall() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(output, time)) {
            log.refused(TestingCalls.peer("2001:db8::1"), "ID", Refusal.of(RefusalCode.HEADER_TOO_LARGE, "Too large."));
        }

        assertThat(output.toString(UTF_8))
                .isEqualTo(
                        "{\"time\":\"2026-11-01T12:00:00.123Z\",\"call\":\"ID\",\"client\":\"2001:db8::1\",\"outcome\":\"client\","
                                + "\"status\":431,\"refusal\":\"header-too-large\",\"detail\":\"Too large.\"}\n");
    }

    @Test
    void whatWentWrongBehindTheGatewayStandsInTheLine() throws Exception {
        Call call = TestingCalls.refused(RefusalCode.UPSTREAM_CONNECT_FAILED);
        call.failed("127.0.0.1:9: connection refused");

        assertThat(lines(call)).singleElement().asString().contains("\"failure\":\"127.0.0.1:9: connection refused\"");
    }

    @Test
    void noHeaderAndNoQueryEverStandsInALine() throws Exception {
        assertThat(lines(TestingCalls.answered(), TestingCalls.refused(RefusalCode.CREDENTIAL_INVALID)))
                .hasSize(2)
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void aPathCannotForgeALineAndIsCutWhenItIsLong() throws Exception {
        Call call =
                TestingCalls.began(TestingCalls.head("/x\r\n{\"call\":\"forged\"}" + "y".repeat(5_000), new Headers()));

        assertThat(lines(call)).singleElement().satisfies(line -> {
            assertThat(line).contains("\\r\\n{\\\"call\\\":\\\"forged\\\"}").contains("yyy…\"");
            assertThat(line).hasSizeLessThan(1_500);
        });
    }

    @Test
    void aFullQueueLosesAndCountsLinesAndBlocksNobody() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        OutputStream output = new OutputStream() {
            @Override
            public void write(int value) {
                written.write(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                stalled.countDown();
                awaitUninterruptibly(proceed);
                written.write(bytes, offset, length);
            }
        };
        AccessLog log = new AccessLog(output, time);
        log.ended(TestingCalls.answered());
        stalled.await();

        for (int i = 0; i < AccessLog.QUEUE_ENTRIES + 5; i++) {
            log.ended(TestingCalls.answered());
        }

        assertThat(log.drops()).isEqualTo(5);
        assertThat(log.queued()).isEqualTo(AccessLog.QUEUE_ENTRIES);
        proceed.countDown();
        log.close();
        assertThat(written.toString(UTF_8).lines().count()).isEqualTo(AccessLog.QUEUE_ENTRIES + 1);
    }

    @Test
    void callsWithLargeHeadersTakeABoundedShareOfMemory() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        OutputStream output = new OutputStream() {
            @Override
            public void write(int value) {
                stalled.countDown();
                awaitUninterruptibly(proceed);
            }
        };
        AccessLog log = new AccessLog(output, time);
        log.ended(TestingCalls.answered());
        stalled.await();
        String value = "v".repeat(1 << 20);

        for (int i = 0; i < 40; i++) {
            log.ended(TestingCalls.began(TestingCalls.head("/", Headers.of("x", value))));
        }

        assertThat(log.queued()).isEqualTo(32);
        assertThat(log.drops()).isEqualTo(8);
        proceed.countDown();
        log.flush();
        log.ended(TestingCalls.began(TestingCalls.head("/", Headers.of("x", value))));
        assertThat(log.drops()).isEqualTo(8);
        log.close();
    }

    @Test
    void aSleepingWriterWakesForTheNextCall() throws Exception {
        BlockingQueue<String> lines = new ArrayBlockingQueue<>(10);
        OutputStream output = new OutputStream() {
            @Override
            public void write(int value) {
                throw new AssertionError("written byte by byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                lines.add(new String(bytes, offset, length, UTF_8));
            }
        };
        try (AccessLog log = new AccessLog(output, time)) {
            while (!log.asleep()) {
                Thread.onSpinWait();
            }

            log.ended(TestingCalls.answered());

            assertThat(lines.poll(30, TimeUnit.SECONDS)).contains("01K8ZZZZZZZZZZZZZZZZZZZZZZ");
        }
    }

    @Test
    void linesLostToAFailedWriteAreCountedAndTheNextOnesAreWritten() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        boolean[] broken = {true};
        OutputStream output = new OutputStream() {
            @Override
            public void write(int value) {
                written.write(value);
            }

            @Override
            public void flush() throws IOException {
                if (broken[0]) {
                    written.reset();
                    throw new IOException("no space left");
                }
            }
        };
        try (AccessLog log = new AccessLog(output, time)) {
            log.ended(TestingCalls.answered());
            log.ended(TestingCalls.answered());
            log.flush();
            assertThat(log.drops()).isEqualTo(2);

            broken[0] = false;
            log.ended(TestingCalls.answered());
            log.flush();
            assertThat(log.drops()).isEqualTo(2);
            assertThat(written.toString(UTF_8)).hasLineCount(1);
        }
    }

    @Test
    void aClosedLogCountsWhatItCannotWrite() throws Exception {
        AccessLog log = new AccessLog(OutputStream.nullOutputStream(), time);
        log.close();

        log.ended(TestingCalls.answered());

        assertThat(log.drops()).isEqualTo(1);
    }

    @Test
    void appendsToItsFileAndOpensANewOneWhenThatIsMovedAway(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        Files.writeString(file, "before\n");
        try (AccessLog log = new AccessLog(file, time)) {
            log.ended(TestingCalls.answered());
            log.flush();
            assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("before");

            Path moved = Files.move(file, directory.resolve("access.log.1"));
            time.nanos += TimeUnit.SECONDS.toNanos(2);
            log.ended(TestingCalls.answered());
            log.flush();

            assertThat(Files.readAllLines(moved)).hasSize(2);
            assertThat(Files.readAllLines(file)).hasSize(1);
        }
    }

    private List<String> lines(Call... calls) throws InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(output, time)) {
            for (Call call : calls) {
                log.ended(call);
            }
            log.flush();
        }
        return output.toString(UTF_8).lines().toList();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
