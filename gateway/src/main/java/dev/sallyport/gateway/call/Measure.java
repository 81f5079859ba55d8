package dev.sallyport.gateway.call;

/**
 * How much a request asks for, as its content says: what limits and prices may count besides calls.
 *
 * @param instances pictures, rows or prompts in the request, at least 1
 * @param pixels    pixels of all pictures and all their frames; 0 when there is none
 * @param bytes     bytes of the body after any content coding is undone; 0 when there is none
 */
public record Measure(long instances, long pixels, long bytes) {
    /** What a request counts as that nothing looked into. */
    public static final Measure ONE = new Measure(1, 0, 0);

    public Measure {
        if (instances < 1 || pixels < 0 || bytes < 0) {
            throw new IllegalArgumentException("a measure is below its least value");
        }
    }
}
