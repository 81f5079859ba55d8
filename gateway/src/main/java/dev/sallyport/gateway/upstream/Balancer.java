package dev.sallyport.gateway.upstream;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Picks an endpoint: of two healthy ones drawn at random, the one with fewer calls in flight (Mitzenmacher, "The power of
 * two choices in randomized load balancing", 2001). An endpoint whose trial is due comes first. When all are out, the
 * one that is out for the shortest time is used all the same; only the active check can take out the last.
 */
final class Balancer {
    private Balancer() {}

    /**
     * @param avoided an endpoint that just failed this call: taken only when no other is healthy
     * @return null when the active check finds all of them down
     */
    static @Nullable Endpoint pick(List<Endpoint> endpoints, @Nullable Endpoint avoided, SplittableRandom random) {
        int count = endpoints.size();
        if (count == 1) {
            Endpoint only = endpoints.getFirst();
            return only.health().state() == Health.State.DOWN ? null : only;
        }
        int healthy = 0;
        for (int i = 0; i < count; i++) {
            Endpoint candidate = endpoints.get(i);
            switch (candidate.health().state()) {
                case HEALTHY -> healthy += candidate == avoided ? 0 : 1;
                case TRIAL_DUE -> {
                    if (candidate != avoided && candidate.health().beginTrial()) {
                        return candidate;
                    }
                }
                case OUT, DOWN -> {}
            }
        }
        if (healthy == 0) {
            return leastBad(endpoints, avoided);
        }
        Endpoint first = healthy(endpoints, avoided, random.nextInt(healthy));
        if (healthy == 1 || first == null) {
            return first;
        }
        Endpoint second = healthy(endpoints, avoided, random.nextInt(healthy - 1));
        if (second == first) {
            second = healthy(endpoints, avoided, healthy - 1);
        }
        return second != null && second.callsInFlight() < first.callsInFlight() ? second : first;
    }

    /** The healthy endpoint of that rank; the last one when there are fewer by now. */
    private static @Nullable Endpoint healthy(List<Endpoint> endpoints, @Nullable Endpoint avoided, int rank) {
        Endpoint found = null;
        int passed = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint candidate = endpoints.get(i);
            if (candidate != avoided && candidate.health().state() == Health.State.HEALTHY) {
                found = candidate;
                if (passed++ == rank) {
                    return found;
                }
            }
        }
        return found != null ? found : leastBad(endpoints, avoided);
    }

    private static @Nullable Endpoint leastBad(List<Endpoint> endpoints, @Nullable Endpoint avoided) {
        Endpoint best = null;
        long bestNanos = 0;
        for (Endpoint candidate : endpoints) {
            if (candidate.health().state() != Health.State.DOWN) {
                long outNanos = Math.max(0, candidate.health().outForNanos());
                boolean better = best == null || outNanos < bestNanos || outNanos == bestNanos && best == avoided;
                if (better) {
                    best = candidate;
                    bestNanos = outNanos;
                }
            }
        }
        return best;
    }

    /** Whether a call that {@code failed} has answered badly could go elsewhere. */
    static boolean anotherHealthy(List<Endpoint> endpoints, Endpoint failed) {
        for (Endpoint candidate : endpoints) {
            if (candidate != failed && candidate.health().state() == Health.State.HEALTHY) {
                return true;
            }
        }
        return false;
    }
}
