package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * The shape of a tensor (KServe's second protocol).
 *
 * @param dimensions how many there are; 0: one value
 * @param first      size of the first dimension, 1 when there is none
 * @param last       size of the last dimension, 1 when there is none
 * @param size       values in all, the product of the dimensions
 */
record TensorShape(int dimensions, long first, long last, long size) {
    static final byte[] SHAPE = "shape".getBytes(US_ASCII);

    private static final int DIMENSIONS_MAX = 32;
    private static final int DIGITS_MAX = 10;

    /** Reads the shape at {@code start}; null when it is no list of whole numbers from 0, or when their product is beyond all bounds. */
    static @Nullable TensorShape read(byte[] bytes, int start) {
        if (bytes[start] != '[') {
            return null;
        }
        int dimensions = 0;
        long first = 1;
        long last = 1;
        long size = 1;
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            last = whole(bytes, element.value(), element.end());
            if (last < 0 || ++dimensions > DIMENSIONS_MAX || Math.multiplyHigh(size, last) != 0 || size * last < 0) {
                return null;
            }
            first = dimensions == 1 ? last : first;
            size *= last;
        }
        return new TensorShape(dimensions, first, last, size);
    }

    /** The number from {@code start} up to {@code end} when it is written with digits alone; otherwise -1. */
    private static long whole(byte[] bytes, int start, int end) {
        if (end - start > DIGITS_MAX) {
            return -1;
        }
        long value = 0;
        for (int at = start; at < end; at++) {
            if (bytes[at] < '0' || bytes[at] > '9') {
                return -1;
            }
            value = value * 10 + bytes[at] - '0';
        }
        return value;
    }
}
