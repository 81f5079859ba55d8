package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;

/** The beginning of a body as one line for a log: secrets masked, whatever is not plain text escaped. */
final class Excerpt {
    private Excerpt() {}

    /** @param bytesMax how much of {@code body}, which stays the caller's, is shown */
    static String of(ByteBuf body, int bytesMax) {
        String text = body.toString(body.readerIndex(), Math.min(bytesMax, body.readableBytes()), UTF_8);
        String shown = escaped(SecretMask.masked(text));
        return body.readableBytes() > bytesMax ? shown + "…" : shown;
    }

    /** Nobody who answers may begin a line of ours, or reorder one on a terminal. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 32);
        text.codePoints().forEach(character -> {
            switch (character) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\\' -> escaped.append("\\\\");
                default -> {
                    if (plain(character)) {
                        escaped.appendCodePoint(character);
                    } else {
                        escaped.append("\\u{").append(Integer.toHexString(character)).append('}');
                    }
                }
            }
        });
        return escaped.toString();
    }

    private static boolean plain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
