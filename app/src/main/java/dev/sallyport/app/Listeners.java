package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.ListenerConfiguration;
import dev.sallyport.gateway.http.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The open listeners for calls. A reload opens what is new and drains what is gone. Changed by one thread at a time. */
final class Listeners {
    /** Opens one listener. */
    interface Opener {
        Listener open(ListenerConfiguration configuration) throws IOException;
    }

    private record Open(ListenerConfiguration configuration, Listener listener) {}

    private final Opener opener;
    private volatile List<Open> open = List.of();

    Listeners(Opener opener) {
        this.opener = requireNonNull(opener, "opener is null");
    }

    /** What to do with a change once everything else has succeeded, or failed. */
    final class Change {
        private final List<Open> opened = new ArrayList<>();
        private final List<Open> kept = new ArrayList<>();
        private final List<Open> gone = new ArrayList<>(open);

        /** Takes no more connections where it is not wanted any more; what is open there ends in peace. */
        void commit() {
            kept.addAll(opened);
            open = List.copyOf(kept);
            gone.forEach(each -> each.listener.drain());
        }

        void rollBack() {
            opened.forEach(each -> each.listener.close());
        }
    }

    /** Opens what is not open yet. @throws IOException when an address cannot be bound; then nothing has changed */
    Change change(List<ListenerConfiguration> wanted) throws IOException {
        Change change = new Change();
        for (ListenerConfiguration each : wanted) {
            Open found = change.gone.stream().filter(candidate -> candidate.configuration.equals(each)).findFirst()
                    .orElse(null);
            if (found != null) {
                change.gone.remove(found);
                change.kept.add(found);
                continue;
            }
            try {
                change.opened.add(new Open(each, opener.open(each)));
            } catch (IOException failure) {
                change.rollBack();
                throw failure;
            }
        }
        return change;
    }

    List<ListenerConfiguration> configurations() {
        return open.stream().map(Open::configuration).toList();
    }

    /** Where calls are taken, such as {@code https://127.0.0.1:8443}. */
    List<String> urls() {
        return open.stream()
                .map(each -> (each.configuration.secure() ? "https://" : "http://")
                        + Addresses.text(each.listener.address()))
                .toList();
    }

    List<String> addresses() {
        return open.stream().map(each -> Addresses.text(each.listener.address())).toList();
    }

    /**
     * Takes no new connections, and waits until those that are open have ended; blocks.
     *
     * @param patienceMillis how much longer than the limit for draining to wait
     */
    void drain(long patienceMillis) {
        CompletableFuture<?> drained = CompletableFuture.allOf(
                open.stream().map(each -> each.listener.drain()).toArray(CompletableFuture<?>[]::new));
        try {
            drained.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // Closing ends what is left.
        }
        open.forEach(each -> each.listener.close());
    }
}
