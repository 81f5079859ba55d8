package dev.sallyport.gateway.inspect.answer;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.inspect.MediaRanges;
import dev.sallyport.gateway.inspect.json.Reveal;
import java.util.List;
import java.util.Map;

/**
 * What of one model's answers reaches clients.
 *
 * @param bytesMax         bytes of body, at least 0
 * @param accepts          the media types of an answer with a body and a status of 200 to 299
 * @param cookiesPass      whether {@code Set-Cookie} passes
 * @param errorsPass       whether a status of 500 to 599 and a stack trace pass, instead of a refusal in their place
 * @param unreadablePasses whether what must be looked into and cannot be passes as it is, instead of being refused
 * @param origins          where the model is served
 * @param reveals          how much each cohort may see; a cohort that is absent sees everything
 */
public record AnswerRule(long bytesMax, MediaRanges accepts, boolean cookiesPass, boolean errorsPass,
        boolean unreadablePasses, List<Origin> origins, Map<Cohort, Reveal> reveals) {
    /**
     * One place that serves a model.
     *
     * @param authority as it stands in a URL, lower case, with its port
     * @param secure    whether its scheme is https
     * @param basePath  put before every path; empty, or absolute without a slash at its end
     */
    public record Origin(String authority, boolean secure, String basePath) {
        public Origin {
            requireNonNull(authority, "authority is null");
            requireNonNull(basePath, "basePath is null");
        }
    }

    public AnswerRule {
        requireNonNull(accepts, "accepts is null");
        origins = List.copyOf(origins);
        reveals = Map.copyOf(reveals);
        if (bytesMax < 0) {
            throw new IllegalArgumentException("bytesMax is negative");
        }
    }
}
