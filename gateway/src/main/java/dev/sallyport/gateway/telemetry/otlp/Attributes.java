package dev.sallyport.gateway.telemetry.otlp;

import java.util.List;

/** Writes attributes: pairs of a key and a value, into the field of a message that holds them. */
final class Attributes {
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int TEXT = 1;
    private static final int INTEGER = 3;
    private static final int ARRAY = 5;
    private static final int ARRAY_VALUES = 1;
    /** Of one text; what is longer is cut. */
    private static final int CHARACTERS_MAX = 1_024;

    private final ProtobufWriter message;
    private final int field;

    /** @param field the number of the field of attributes */
    Attributes(ProtobufWriter message, int field) {
        this.message = message;
        this.field = field;
    }

    void text(String key, String value) {
        int pair = begin(key);
        int any = message.begin(VALUE);
        message.text(TEXT, cut(value));
        message.end(any);
        message.end(pair);
    }

    void integer(String key, long value) {
        int pair = begin(key);
        int any = message.begin(VALUE);
        message.number(INTEGER, value);
        message.end(any);
        message.end(pair);
    }

    void texts(String key, List<String> values) {
        int pair = begin(key);
        int any = message.begin(VALUE);
        int array = message.begin(ARRAY);
        for (String value : values) {
            int element = message.begin(ARRAY_VALUES);
            message.text(TEXT, cut(value));
            message.end(element);
        }
        message.end(array);
        message.end(any);
        message.end(pair);
    }

    private int begin(String key) {
        int pair = message.begin(field);
        message.text(KEY, key);
        return pair;
    }

    private static String cut(String value) {
        return value.length() <= CHARACTERS_MAX ? value : value.substring(0, CHARACTERS_MAX) + '…';
    }
}
