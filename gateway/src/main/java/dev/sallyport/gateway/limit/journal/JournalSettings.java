package dev.sallyport.gateway.limit.journal;

/**
 * The sizes and times of a journal.
 *
 * @param fileBytes      of each file that a writer appends to; a multiple of 8, at least 1,024
 * @param foldBytesMin   finished files of fewer bytes together are not folded yet
 * @param forceNanos     how often what was appended is forced to the disk: what a power failure may take
 * @param background     whether threads of the journal do what is to be done; else whoever calls {@link Journal#maintain}
 */
record JournalSettings(int fileBytes, long foldBytesMin, long forceNanos, boolean background) {
    private static final int FILE_BYTES = 2 << 20;
    private static final long FOLD_BYTES = 8 << 20;
    private static final long FORCE_NANOS = 50_000_000;

    static final JournalSettings STANDARD = new JournalSettings(FILE_BYTES, FOLD_BYTES, FORCE_NANOS, true);
}
