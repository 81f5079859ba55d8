package dev.sallyport.gateway.inspect.answer;

import dev.sallyport.gateway.call.Caller.Cohort;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer rule with its refusals made. Shared by all resources with equal rules. */
final class CompiledAnswerRule {
    private final AnswerRule rule;
    private final Redirection redirection;
    private final Map<Cohort, Minimiser> minimisers;
    private final Refusal tooLarge;
    private final Refusal wrongType;

    CompiledAnswerRule(AnswerRule rule) {
        this.rule = rule;
        redirection = new Redirection(rule.origins());
        minimisers = new EnumMap<>(Cohort.class);
        rule.reveals().forEach((cohort, reveal) -> minimisers.put(cohort, new Minimiser(reveal)));
        tooLarge = tooLarge(rule.bytesMax());
        wrongType = unacceptable("The Content-Type of the upstream's answer is absent, repeated or none of those that"
                + " `answer.accepts` lists.");
    }

    AnswerRule rule() {
        return rule;
    }

    Redirection redirection() {
        return redirection;
    }

    /** Null when {@code cohort} may see everything. */
    @Nullable
    Minimiser minimiser(Cohort cohort) {
        return minimisers.get(cohort);
    }

    /** Whether the same request is answered differently to different callers. */
    boolean varies() {
        return !minimisers.isEmpty();
    }

    Refusal tooLarge() {
        return tooLarge;
    }

    Refusal wrongType() {
        return wrongType;
    }

    static Refusal tooLarge(long bytesMax) {
        return Refusal.of(RefusalCode.ANSWER_TOO_LARGE, "The upstream's answer is longer than " + bytesMax + " bytes.")
                .withMember("limit", bytesMax);
    }

    static Refusal unacceptable(String detail) {
        return Refusal.of(RefusalCode.ANSWER_NOT_ACCEPTABLE, detail);
    }
}
