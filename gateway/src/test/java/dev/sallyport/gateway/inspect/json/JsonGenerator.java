package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Random;

/** Makes JSON texts from a seed, and breaks them. */
final class JsonGenerator {
    private static final String[] PIECES = {"a", "b", "\\n", "\\u0041", "\\u00e9", "é", "😀", "\\ud83d\\ude00", "\\\\",
        "\\\"", "\\/", " ", "12345678", "߿", "ࠀ"};
    private static final String[] SPACES = {"", "", "", "", " ", "\n", "\t", "\r\n", "  "};
    private static final String TRICKS = "{}[]:,\"\\'u0123456789.eE+-ntfalsr \t\n\0\u007f/";

    private final Random random;

    JsonGenerator(long seed) {
        random = new Random(seed);
    }

    String text() {
        StringBuilder json = new StringBuilder();
        value(json, 0);
        return json.toString();
    }

    /** The text with up to three bytes removed, repeated, replaced or inserted. */
    byte[] mutated(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 0; times--) {
            int at = random.nextInt(bytes.length);
            byte trick = random.nextInt(4) == 0 ? (byte) random.nextInt(256)
                    : (byte) TRICKS.charAt(random.nextInt(TRICKS.length()));
            bytes = switch (random.nextInt(4)) {
                case 0 -> cut(bytes, at, at + 1, new byte[0]);
                case 1 -> cut(bytes, at, at,
                        Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8))));
                case 2 -> cut(bytes, at, at, new byte[]{trick});
                default -> cut(bytes, at, at + 1, new byte[]{trick});
            };
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = Arrays.copyOf(bytes, from + middle.length + bytes.length - to);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }

    private void value(StringBuilder json, int depth) {
        space(json);
        switch (random.nextInt(depth > 4 ? 5 : 8)) {
            case 0 -> json.append(random.nextInt(-1000, 1000));
            case 1 -> json.append(random.nextDouble() * Math.pow(10, random.nextInt(-20, 20)));
            case 2 -> json.append(switch (random.nextInt(4)) {
                case 0 -> "true";
                case 1 -> "false";
                case 2 -> "null";
                default -> random.nextLong() + "e" + random.nextInt(-50, 50);
            });
            case 3, 4 -> string(json);
            case 5 -> array(json, depth);
            default -> object(json, depth);
        }
        space(json);
    }

    private void array(StringBuilder json, int depth) {
        json.append('[');
        for (int i = random.nextInt(5); i > 0; i--) {
            value(json, depth + 1);
            json.append(i == 1 ? "" : ",");
        }
        json.append(']');
    }

    private void object(StringBuilder json, int depth) {
        json.append('{');
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 40 : 5); i > 0; i--) {
            space(json);
            string(json);
            space(json);
            json.append(':');
            value(json, depth + 1);
            json.append(i == 1 ? "" : ",");
        }
        json.append('}');
    }

    private void string(StringBuilder json) {
        json.append('"');
        for (int i = random.nextInt(6); i > 0; i--) {
            json.append(PIECES[random.nextInt(PIECES.length)]);
        }
        json.append('"');
    }

    private void space(StringBuilder json) {
        json.append(SPACES[random.nextInt(SPACES.length)]);
    }
}
