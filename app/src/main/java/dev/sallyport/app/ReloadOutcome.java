package dev.sallyport.app;

import java.util.List;

/** What became of a configuration that was given to a running gateway. */
public sealed interface ReloadOutcome {
    /**
     * Calls that begin from now on see it.
     *
     * @param restartNeeded the keys whose change takes effect with the next start only
     */
    record Applied(List<String> restartNeeded) implements ReloadOutcome {
        public Applied {
            restartNeeded = List.copyOf(restartNeeded);
        }
    }

    /** Nothing has changed. */
    record Kept(String reason) implements ReloadOutcome {}
}
