package dev.sallyport.gateway.limit.journal;

/**
 * Counts since the journal was opened.
 *
 * @param records  that were appended
 * @param bytes    that were appended
 * @param folds    checkpoints that were written
 * @param failures files or checkpoints that could not be written
 * @param refused  reservations that found no room
 */
public record JournalFigures(long records, long bytes, long folds, long failures, long refused) {}
