package dev.sallyport.gateway.inspect.answer;

import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;

/** An answer rule with its refusals made. Shared by all resources with equal rules. */
final class CompiledAnswerRule {
    private final AnswerRule rule;
    private final Redirection redirection;
    private final Refusal tooLarge;
    private final Refusal wrongType;

    CompiledAnswerRule(AnswerRule rule) {
        this.rule = rule;
        redirection = new Redirection(rule.origins());
        tooLarge = Refusal.of(RefusalCode.ANSWER_TOO_LARGE,
                "The upstream's answer is longer than " + rule.bytesMax() + " bytes.")
                .withMember("limit", rule.bytesMax());
        wrongType = unacceptable("The Content-Type of the upstream's answer is absent, repeated or none of those that"
                + " `answer.accepts` lists.");
    }

    AnswerRule rule() {
        return rule;
    }

    Redirection redirection() {
        return redirection;
    }

    Refusal tooLarge() {
        return tooLarge;
    }

    Refusal wrongType() {
        return wrongType;
    }

    static Refusal unacceptable(String detail) {
        return Refusal.of(RefusalCode.ANSWER_NOT_ACCEPTABLE, detail);
    }
}
