package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.testing.ManualTime;
import dev.sallyport.gateway.testing.TestingCall;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class UpstreamErrorsTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(UpstreamErrors.class);
    private final ManualTime time = new ManualTime();
    private final UpstreamErrors errors = new UpstreamErrors(time);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void whoMakesAModelFailCannotFillTheLogButEveryCallKeepsItsCause() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(fail("boom " + i).failure()).endsWith("answered 500: boom " + i);
        }
        assertThat(log.list).hasSize(1);

        time.pass(Duration.ofMillis(100));
        fail("again");

        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(1).getFormattedMessage()).contains("again")
                .endsWith("(999 other errors were not shown; the access log has them)");
    }

    @Test
    void theLogAndTheCallKeepABoundedBeginning() {
        Call call = fail("x".repeat(100_000));

        assertThat(call.failure()).hasSizeLessThanOrEqualTo(501).endsWith("…");
    }

    @Test
    void whatIsEncodedIsNotShown() {
        Call call = TestingCall.to("/m").make(time);
        Refusal refusal = errors.withhold(call,
                new ResponseHead(503, Headers.of("content-encoding", "gzip", "retry-after", "5"), -1),
                Unpooled.copiedBuffer("sp_secret", UTF_8));

        assertThat(call.failure()).endsWith("answered 503: a body whose content coding is not undone");
        assertThat(refusal.fields()).containsEntry("retry-after", "5");
        assertThat(refusal.members()).containsEntry("upstream-status", 503);
    }

    private Call fail(String said) {
        Call call = TestingCall.to("/m").make(time);
        errors.withhold(call, new ResponseHead(500, new Headers(0), -1), Unpooled.copiedBuffer(said, UTF_8));
        return call;
    }
}
