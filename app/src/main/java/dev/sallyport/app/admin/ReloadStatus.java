package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Time;
import org.jspecify.annotations.Nullable;

/** What became of the configurations that were read: which one is in force, and why the last one is not when it is not. */
public final class ReloadStatus {
    /**
     * One moment's view.
     *
     * @param digest             of the configuration in force; empty before the first
     * @param appliedEpochMillis when it came into force
     * @param applied            how many came into force, the first included
     * @param failed             how many did not
     * @param error              why the last one read is not in force; null when it is
     */
    public record State(String digest, long appliedEpochMillis, long applied, long failed, @Nullable String error) {
        public State {
            requireNonNull(digest, "digest is null");
        }
    }

    private final Time time;
    private volatile State state = new State("", 0, 0, 0, null);

    public ReloadStatus(Time time) {
        this.time = requireNonNull(time, "time is null");
    }

    public State state() {
        return state;
    }

    public synchronized void applied(String digest) {
        state = new State(digest, time.epochMillis(), state.applied + 1, state.failed, null);
    }

    /** @param error one line: what is wrong, and where */
    public synchronized void failed(String error) {
        requireNonNull(error, "error is null");
        state = new State(state.digest, state.appliedEpochMillis, state.applied, state.failed + 1, error);
    }
}
