package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {
    @Test
    void aPhaseLastsFromTheEndOfTheNearestMarkedPhaseBeforeIt() {
        Timeline timeline = new Timeline(100);
        timeline.mark(Phase.PARSE, 110);
        timeline.mark(Phase.LIMIT, 150);

        assertThat(timeline.durationNanos(Phase.PARSE)).isEqualTo(10);
        assertThat(timeline.durationNanos(Phase.LIMIT)).isEqualTo(40);
        assertThat(timeline.durationNanos(Phase.IDENTIFY)).isEqualTo(-1);
    }

    @Test
    void theTimeBetweenHandshakeAndRequestBelongsToNoPhase() {
        Timeline timeline = new Timeline(1_000);
        timeline.mark(Phase.ACCEPT, 100);
        timeline.mark(Phase.TLS, 130);
        timeline.mark(Phase.PARSE, 1_005);

        assertThat(timeline.durationNanos(Phase.TLS)).isEqualTo(30);
        assertThat(timeline.durationNanos(Phase.PARSE)).isEqualTo(5);
    }

    @Test
    void readingsMayWrapAround() {
        Timeline timeline = new Timeline(Long.MAX_VALUE - 5);
        timeline.mark(Phase.PARSE, Long.MIN_VALUE + 4);

        assertThat(timeline.durationNanos(Phase.PARSE)).isEqualTo(10);
    }

    @Test
    void aDeadlineOnlyMovesNearer() {
        Deadline deadline = Deadline.after(0, 100);

        assertThat(deadline.within(10, 50).atNanos()).isEqualTo(60);
        assertThat(deadline.within(10, 500).atNanos()).isEqualTo(100);
        assertThat(deadline.passed(100)).isTrue();
        assertThat(deadline.passed(99)).isFalse();
    }
}
