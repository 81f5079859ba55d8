package dev.sallyport.app.config;

import org.jspecify.annotations.Nullable;

/** Reads what of a model's answers reaches clients. */
final class AnswerReader {
    private AnswerReader() {}

    /** @param given null: nothing is said of answers */
    static AnswerConfiguration read(@Nullable SectionReader given) {
        if (given == null) {
            return AnswerConfiguration.DEFAULTS;
        }
        if (given.emptyList(AnswerKeys.ACCEPTS)) {
            given.error(AnswerKeys.ACCEPTS,
                    "the list is empty, so nothing could be answered; remove it to accept any media type");
        }
        return new AnswerConfiguration(
                given.value(AnswerKeys.BODY), given.values(AnswerKeys.ACCEPTS), given.value(AnswerKeys.COOKIES),
                given.value(AnswerKeys.ERRORS), given.value(AnswerKeys.UNREADABLE),
                RevealReader.read(given.section(RevealKeys.REVEAL)));
    }
}
