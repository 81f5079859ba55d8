package dev.sallyport.gateway.inspect.json;

import org.jspecify.annotations.Nullable;

/** What a model's JSON must look like. May be used by any thread. */
public interface JsonSchema {
    /**
     * The first place where a sound text does not fit; null when it fits.
     *
     * @param text   holds the text from its beginning; it belongs to the caller, and changes after this call
     * @param length bytes of the text
     */
    @Nullable
    JsonDefect violation(byte[] text, int length);
}
