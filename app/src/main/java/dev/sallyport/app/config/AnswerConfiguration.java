package dev.sallyport.app.config;

import java.util.List;

/**
 * What of a model's answers reaches clients.
 *
 * @param bytesMax         bytes of body
 * @param accepts          lower-case media types of what succeeds; empty: any
 * @param cookiesPass      whether {@code Set-Cookie} passes
 * @param errorsPass       whether 5xx and stack traces pass
 * @param unreadablePasses whether what cannot be looked into passes
 */
public record AnswerConfiguration(long bytesMax, List<String> accepts, boolean cookiesPass, boolean errorsPass,
        boolean unreadablePasses) {
    public static final AnswerConfiguration DEFAULTS = new AnswerConfiguration(AnswerKeys.BODY.fallbackValue(),
            List.of(), false, false, false);

    public AnswerConfiguration {
        accepts = List.copyOf(accepts);
    }
}
