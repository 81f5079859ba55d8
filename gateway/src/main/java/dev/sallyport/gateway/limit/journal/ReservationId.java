package dev.sallyport.gateway.limit.journal;

/** The id of a reservation: a number that is used once in a directory, and in the lowest byte how many entries it has. */
final class ReservationId {
    private static final int ENTRIES_BITS = 8;

    private ReservationId() {}

    static long of(long number, int entries) {
        return number << ENTRIES_BITS | entries;
    }

    static long number(long id) {
        return id >>> ENTRIES_BITS;
    }

    static int entries(long id) {
        return (int) id & (1 << ENTRIES_BITS) - 1;
    }
}
