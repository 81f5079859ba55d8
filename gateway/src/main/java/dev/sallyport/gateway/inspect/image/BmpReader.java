package dev.sallyport.gateway.inspect.image;

/** Reads BMP. */
final class BmpReader {
    static final int CORE_HEADER_BYTES = 12;
    static final int HEADER_BYTES_MAX = 124;

    private BmpReader() {}
}
