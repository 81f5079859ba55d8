package dev.sallyport.app;

import dev.sallyport.app.config.AnswerConfiguration;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.VersionConfiguration;
import dev.sallyport.gateway.inspect.MediaRanges;
import dev.sallyport.gateway.inspect.answer.AnswerRule;

/** Makes the rule for the answers of one version of a model. */
final class AnswerRules {
    private AnswerRules() {}

    static AnswerRule of(ModelConfiguration model, VersionConfiguration version) {
        AnswerConfiguration answer = model.answer();
        return new AnswerRule(
                answer.bytesMax(),
                new MediaRanges(answer.accepts()),
                answer.cookiesPass(),
                answer.errorsPass(),
                answer.unreadablePasses(),
                version.endpoints().stream().map(
                        endpoint -> new AnswerRule.Origin(endpoint.hostAndPort(), endpoint.secure(),
                                endpoint.basePath()))
                        .toList(),
                answer.reveals());
    }
}
