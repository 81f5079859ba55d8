package dev.sallyport.app.config;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.inspect.json.Reveal;
import java.util.List;
import java.util.Map;

/**
 * What of a model's answers reaches clients.
 *
 * @param bytesMax         bytes of body
 * @param accepts          lower-case media types of what succeeds; empty: any
 * @param cookiesPass      whether {@code Set-Cookie} passes
 * @param errorsPass       whether 5xx and stack traces pass
 * @param unreadablePasses whether what cannot be looked into passes
 * @param reveals          how much each cohort may see; one that is absent sees everything
 */
public record AnswerConfiguration(long bytesMax, List<String> accepts, boolean cookiesPass, boolean errorsPass,
        boolean unreadablePasses, Map<Cohort, Reveal> reveals) {
    public static final AnswerConfiguration DEFAULTS = new AnswerConfiguration(AnswerKeys.BODY.fallbackValue(),
            List.of(), false, false, false, Map.of());

    public AnswerConfiguration {
        accepts = List.copyOf(accepts);
        reveals = Map.copyOf(reveals);
    }
}
