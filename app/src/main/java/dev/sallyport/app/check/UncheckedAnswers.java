package dev.sallyport.app.check;

import dev.sallyport.app.config.AnswerConfiguration;
import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.gateway.call.Caller.Cohort;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What of models' answers reaches callers without having been checked or made less. */
final class UncheckedAnswers {
    private final Subject subject;
    private final Findings findings;
    private final Map<Cohort, Grants> grants = new EnumMap<>(Cohort.class);

    private UncheckedAnswers(Subject subject, Findings findings) {
        this.subject = subject;
        this.findings = findings;
        Collection<CallerConfiguration> callers = subject.configuration().callers().values();
        for (Cohort cohort : Cohort.values()) {
            grants.put(cohort, new Grants(callers.stream().filter(caller -> caller.cohort() == cohort).toList()));
        }
    }

    static void examine(Subject subject, Findings findings) {
        UncheckedAnswers answers = new UncheckedAnswers(subject, findings);
        subject.configuration().models().forEach(answers::model);
    }

    private Place place(String name, String key) {
        return subject.places().of("models", name, "answer", key);
    }

    private void model(String name, ModelConfiguration model) {
        AnswerConfiguration answer = model.answer();
        if (answer.accepts().isEmpty()) {
            findings.add(FindingCode.ANY_ANSWER_TYPE, place(name, "accepts"), "may answer with every media type",
                    "list what clients expect in `answer.accepts`");
        }
        if (answer.errorsPass()) {
            findings.add(FindingCode.ERRORS_PASS, place(name, "errors"),
                    "errors and stack traces reach clients, who learn from them",
                    "remove it: `replaced` is the default");
        }
        if (answer.cookiesPass()) {
            findings.add(FindingCode.COOKIES_PASS, place(name, "cookies"),
                    "may set cookies at the gateway's address, which other models see",
                    "remove it: `dropped` is the default");
        }
        if (answer.unreadablePasses()) {
            findings.add(FindingCode.UNREADABLE_ANSWERS_PASS, place(name, "unreadable"),
                    "an answer that cannot be looked into passes with all that it holds",
                    "remove it: `refused` is the default");
        }
        List<String> whole = grants.entrySet().stream()
                .filter(each -> !answer.reveals().containsKey(each.getKey()) && each.getValue().cover(name, model))
                .map(each -> each.getKey().text()).toList();
        if (!whole.isEmpty()) {
            findings.add(FindingCode.ANSWERS_SHOWN_WHOLE, place(name, "reveal"),
                    "callers of the cohort " + String.join(" and ", whole)
                            + " see answers whole: every score, every digit, every field",
                    "say in `answer.reveal` how much they need, such as `public: {top: 3, digits: 2}`");
        }
    }
}
