package dev.sallyport.gateway.http;

/** Reads the trailer section of a chunked body (RFC 9112 section 7.1.2). */
final class TrailerParser extends HeadParser {
    TrailerParser(Limits limits, Scratch scratch) {
        super(FieldSection.Kind.TRAILERS, limits, scratch);
    }

    @Override
    int emptyLinesMax() {
        return 0;
    }

    @Override
    int startLine(byte[] bytes, int at, int end) {
        throw new IllegalStateException("a trailer section has no start line");
    }
}
