package dev.sallyport.gateway.inspect.coding;

import java.io.IOException;

/** Says how an encoded stream is broken. */
final class MalformedCoding extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedCoding(String message) {
        super(message);
    }
}
