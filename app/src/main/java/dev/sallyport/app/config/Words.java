package dev.sallyport.app.config;

import dev.sallyport.app.config.Notation.Malformed;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The notations of single words: names, choices, numbers, patterns. */
final class Words {
    private static final int FILE_CHARACTERS_MAX = 4096;
    private static final int LABEL_CHARACTERS_MAX = 256;
    private static final String PATH_PATTERN = "(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+";
    private static final String MEDIA_TYPE_PATTERN = "[A-Za-z0-9!#$&^_.+-]+/([A-Za-z0-9!#$&^_.+-]+|\\*)";
    private static final String GRANT_PATTERN =
            "[A-Za-z0-9*][A-Za-z0-9*._-]{0,63}(@[A-Za-z0-9*][A-Za-z0-9*._-]{0,63})?";

    static final Notation<Boolean> FLAG = new Notation<>("`true` or `false`", ValueSchema.flag(), Words::flag);

    /** An absolute path as a request line has it, without query. */
    static final Notation<String> PATH =
            new Notation<>("a path such as `/health`", ValueSchema.matching(PATH_PATTERN), Words::path);

    static final Notation<String> FILE =
            new Notation<>("the path of a file, relative to the configuration's directory",
                    ValueSchema.text(FILE_CHARACTERS_MAX), Words::file);

    static final Notation<String> LABEL =
            new Notation<>("a text of up to 256 characters", ValueSchema.text(LABEL_CHARACTERS_MAX), Words::label);

    static final Notation<String> MEDIA_TYPE =
            new Notation<>("a media type such as `image/png` or `image/*`",
                    ValueSchema.matching(MEDIA_TYPE_PATTERN), Words::mediaType);

    static final Notation<String> GRANT =
            new Notation<>("what may be called: `resnet`, `resnet@2`, `ocr-*` or `*`",
                    ValueSchema.wordMatching(GRANT_PATTERN), Words::grant);

    static final Notation<String> NAME = new Notation<>("a name of letters, digits, `-`, `_` and `.`",
            ValueSchema.wordMatching(Names.PATTERN), Words::name);

    private Words() {}

    /** One of the words that are {@code choices}' keys. */
    static <T> Notation<T> choice(Map<String, T> choices) {
        List<String> words = choices.keySet().stream().sorted().toList();
        String list = words.stream().map(word -> "`" + word + "`").reduce((left, right) -> left + " or " + right)
                .orElseThrow();
        return new Notation<>(list, ValueSchema.words(words), text -> {
            T chosen = choices.get(text);
            if (chosen == null) {
                throw new Malformed(Shown.quoted(text) + " is not " + list + Nearest.hint(text, words));
            }
            return chosen;
        });
    }

    /** A whole number between {@code least} and {@code most}. */
    static Notation<Integer> number(int least, int most) {
        String range = "a whole number from " + least + " to " + most;
        return new Notation<>(range, ValueSchema.integer(least, most), text -> {
            if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new Malformed(Shown.quoted(text) + " is not " + range);
            }
            return Integer.parseInt(text);
        });
    }

    private static String name(String text) throws Malformed {
        String fault = Names.fault(text);
        if (!fault.isEmpty()) {
            throw new Malformed(fault);
        }
        return text;
    }

    private static boolean flag(String text) throws Malformed {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Malformed(Shown.quoted(text) + " is neither `true` nor `false`");
        };
    }

    private static String path(String text) throws Malformed {
        if (!text.matches(PATH_PATTERN)) {
            throw new Malformed(
                    Shown.quoted(text) + " is not an absolute path without query; write for example `/health`");
        }
        return text;
    }

    private static String file(String text) throws Malformed {
        if (text.isEmpty() || text.length() > FILE_CHARACTERS_MAX || text.indexOf('\0') >= 0) {
            throw new Malformed(Shown.quoted(text) + " is not the path of a file");
        }
        return text;
    }

    private static String label(String text) throws Malformed {
        if (text.length() > LABEL_CHARACTERS_MAX) {
            throw new Malformed(Shown.quoted(text) + " is longer than " + LABEL_CHARACTERS_MAX + " characters");
        }
        return text;
    }

    private static String mediaType(String text) throws Malformed {
        String type = text.toLowerCase(Locale.ROOT);
        if (type.contains(";")) {
            throw new Malformed(Shown.quoted(text) + " has parameters, which are not compared; write `"
                    + Shown.plainly(type.substring(0, type.indexOf(';')).strip()) + "`");
        }
        if (!type.matches(MEDIA_TYPE_PATTERN)) {
            throw new Malformed(
                    Shown.quoted(text) + " is not a media type; write for example `image/png` or `image/*`");
        }
        return type;
    }

    private static String grant(String text) throws Malformed {
        if (!text.matches(GRANT_PATTERN)) {
            throw new Malformed(Shown.quoted(text)
                    + " names nothing that could be called; write for example `resnet`, `resnet@2` or `ocr-*`");
        }
        return text;
    }
}
