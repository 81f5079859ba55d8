package dev.sallyport.gateway.limit;

/**
 * A stretch of time for which an account counts in one place: a window of the calendar, or one of the pieces of which the
 * last ones make a rolling window. All times are epoch milliseconds.
 *
 * @param number      of two spans the later one has the higher number
 * @param startMillis inclusive
 * @param nextMillis  when the next span begins
 * @param endMillis   from when on nothing is counted of what was used in this one
 */
record Span(long number, long startMillis, long nextMillis, long endMillis) {
    boolean holds(long epochMillis) {
        return epochMillis >= startMillis && epochMillis < nextMillis;
    }
}
