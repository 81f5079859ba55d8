package dev.sallyport.testkit;

import dev.sallyport.gateway.identity.ApiKey;
import java.security.SecureRandom;

/**
 * An API key that is known to the test.
 *
 * @param text what a caller shows
 * @param hash what stands in a configuration
 */
public record TestKey(String text, String hash) {
    public static TestKey make() {
        String text = ApiKey.make(new SecureRandom());
        return new TestKey(text, "sha256:" + ApiKey.sha256(text));
    }

    /** The value of an {@code Authorization} field. */
    public String bearer() {
        return "Bearer " + text;
    }
}
