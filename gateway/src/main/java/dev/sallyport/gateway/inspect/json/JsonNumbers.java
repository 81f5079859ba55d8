package dev.sallyport.gateway.inspect.json;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds one number in a JSON text, such as what an answer says was used. */
public final class JsonNumbers {
    private JsonNumbers() {}

    /**
     * The number at {@code pointer}, exactly as written; null when the text is not sound, when nothing is there, or when
     * what is there is no number. It has at most 1,000 digits and is below 10<sup>309</sup>. The buffer stays as it is.
     */
    public static @Nullable BigDecimal at(ByteBuf json, JsonPointer pointer) {
        JsonScanner scanner = JsonScanner.ofThisThread();
        BigDecimal found = null;
        if (scanner.load(json, JsonLimits.ANSWER) instanceof JsonOutcome.Sound) {
            byte[] bytes = scanner.text().bytes();
            int start = pointer.find(bytes);
            if (start >= 0 && JsonCursor.number(bytes[start])) {
                int length = JsonCursor.skip(bytes, start) - start;
                found = new BigDecimal(new String(bytes, start, length, StandardCharsets.US_ASCII));
            }
        }
        scanner.text().release();
        return found;
    }
}
