package dev.sallyport.gateway.limit.journal;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What the journal knew when it was opened.
 *
 * @param spent   what was settled, of windows that have not ended; {@link Long#MAX_VALUE} where the sum is larger
 * @param open    what was reserved and not settled, of which the deadline has not passed
 * @param notices what was repaired, one sentence each, with the file
 */
public record Recovered(Map<AccountWindow, Long> spent, List<OpenReservation> open, List<String> notices) {
    public Recovered {
        spent = Collections.unmodifiableMap(spent);
        open = List.copyOf(open);
        notices = List.copyOf(notices);
    }
}
