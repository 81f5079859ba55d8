package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import java.util.Map;

/** The keys for what of a model's answers reaches clients. */
final class AnswerKeys {
    static final Key<Long> BODY = Key.with("body", Quantities.SIZE, "64 MiB",
            "The most that an answer may carry; a longer one is refused, or broken off once it has begun.");
    static final Key<String> ACCEPTS = Key.several("accepts", Words.MEDIA_TYPE,
            "The media types that an answer may have when it succeeds and has a body. Absent: any.");
    static final Key<Boolean> COOKIES = Key.with("cookies", Words.choice(Map.of("dropped", false, "allowed", true)),
            "dropped", "Whether the model may set cookies at the gateway's address.");
    static final Key<Boolean> ERRORS = Key.with("errors", Words.choice(Map.of("replaced", false, "passed", true)),
            "replaced",
            "What becomes of an error of the model (5xx) and of stack traces: a refusal takes its place and the log keeps its beginning, or it passes.");
    static final Key<Boolean> UNREADABLE = Key.with("unreadable",
            Words.choice(Map.of("refused", false, "passed", true)), "refused",
            "What becomes of an answer that would have to be looked into and cannot be.");

    static final SectionKey ANSWER = new SectionKey("answer", new Shape.One(),
            Section.of("models.NAME.answer", BODY, ACCEPTS, COOKIES, ERRORS, UNREADABLE, RevealKeys.REVEAL),
            "What of the model's answers reaches clients.");

    private AnswerKeys() {}
}
