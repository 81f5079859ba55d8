package dev.sallyport.app;

import dev.sallyport.app.config.SpendingJournal;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.limit.journal.Journal;
import dev.sallyport.gateway.limit.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the journal that a configuration names, and says what was repaired. */
final class Journals {
    private static final Logger LOGGER = LoggerFactory.getLogger(Journals.class);

    private Journals() {}

    /** @throws IOException when it cannot be used; the message says what to do */
    static @Nullable Journal open(SpendingJournal target, Time time, int writers) throws IOException {
        return switch (target) {
            case SpendingJournal.None _ -> null;
            case SpendingJournal.In(Path directory) -> open(directory, time, writers);
        };
    }

    private static Journal open(Path directory, Time time, int writers) throws IOException {
        try {
            Journal journal = Journal.open(directory, time, writers);
            journal.recovered().notices()
                    .forEach(notice -> LOGGER.warn("The spending journal was repaired: {}", notice));
            return journal;
        } catch (JournalException unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
    }
}
