package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which endpoint a call goes to. */
final class BalancerTest {
    private final SplittableRandom random = new SplittableRandom(7);
    private final Forwarding forwarding = new Forwarding();
    private final ManualTime time = forwarding.time;

    @AfterEach
    void close() {
        forwarding.close();
    }

    private List<Endpoint> endpoints(int count) {
        List<EndpointSpec> specs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            specs.add(Forwarding.endpoint(1_000 + i));
        }
        forwarding.with(spec -> spec.endpoints(specs));
        return forwarding.upstream().settings().endpoints();
    }

    private static void takeOut(Endpoint endpoint) {
        for (int i = 0; i < Health.FAILURES; i++) {
            endpoint.health().failed();
        }
    }

    @Test
    void ofTwoItTakesTheOneWithFewerCallsInFlight() {
        List<Endpoint> endpoints = endpoints(2);
        endpoints.getFirst().callBegan();
        for (int i = 0; i < 100; i++) {
            assertThat(Balancer.pick(endpoints, null, random)).isSameAs(endpoints.getLast());
        }
    }

    @Test
    void spreadsCallsEvenlyAndKeepsTheHeaviestLoadLow() {
        List<Endpoint> endpoints = endpoints(10);
        for (int i = 0; i < 10_000; i++) {
            requireNonNull(Balancer.pick(endpoints, null, random)).callBegan();
        }
        // Of calls that never end, one choice at random leaves a gap of about 90 here; two leave one of about two.
        assertThat(endpoints).allSatisfy(endpoint -> assertThat(endpoint.callsInFlight()).isBetween(995, 1_005));
    }

    @Test
    void everyEndpointIsDrawnWhenAllAreEquallyLoaded() {
        List<Endpoint> endpoints = endpoints(5);
        int[] drawn = new int[5];
        for (int i = 0; i < 5_000; i++) {
            drawn[endpoints.indexOf(Balancer.pick(endpoints, null, random))]++;
        }
        assertThat(Arrays.stream(drawn).boxed()).allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
    }

    @Test
    void passesByWhatIsOutAndWhatJustFailed() {
        List<Endpoint> endpoints = endpoints(3);
        takeOut(endpoints.getFirst());
        for (int i = 0; i < 100; i++) {
            assertThat(Balancer.pick(endpoints, endpoints.get(1), random)).isSameAs(endpoints.get(2));
        }
    }

    @Test
    void usesWhatJustFailedWhenNothingElseIsLeft() {
        List<Endpoint> endpoints = endpoints(2);
        takeOut(endpoints.getFirst());

        assertThat(Balancer.pick(endpoints, endpoints.getLast(), random)).isSameAs(endpoints.getLast());
    }

    @Test
    void usesTheLeastBadWhenAllAreOut() {
        List<Endpoint> endpoints = endpoints(3);
        takeOut(endpoints.get(1));
        time.pass(Duration.ofMillis(500));
        takeOut(endpoints.get(0));
        takeOut(endpoints.get(2));

        assertThat(Balancer.pick(endpoints, null, random)).isSameAs(endpoints.get(1));
    }

    @Test
    void anOnlyEndpointIsUsedHoweverItFails() {
        List<Endpoint> endpoints = endpoints(1);
        takeOut(endpoints.getFirst());

        assertThat(Balancer.pick(endpoints, null, random)).isSameAs(endpoints.getFirst());
    }

    @Test
    void sendsExactlyOneCallToAnEndpointWhoseTrialIsDue() {
        List<Endpoint> endpoints = endpoints(3);
        takeOut(endpoints.getFirst());
        time.passNanos(Health.FIRST_OUT_NANOS);

        assertThat(Balancer.pick(endpoints, null, random)).isSameAs(endpoints.getFirst());
        for (int i = 0; i < 100; i++) {
            assertThat(Balancer.pick(endpoints, null, random)).isNotSameAs(endpoints.getFirst());
        }
    }

    @Test
    void whatTheActiveCheckFindsDownIsNeverUsed() {
        List<Endpoint> endpoints = endpoints(2);
        endpoints.forEach(endpoint -> endpoint.health().checked(false));

        assertThat(Balancer.pick(endpoints, null, random)).isNull();
        assertThat(Balancer.pick(endpoints.subList(0, 1), null, random)).isNull();
    }
}
