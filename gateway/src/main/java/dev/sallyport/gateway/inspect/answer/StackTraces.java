package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;

/**
 * Tells a stack trace from what a client is meant to read: by the words with which interpreters begin one, and by the
 * name of a source file with a line's number, as every frame has it.
 */
final class StackTraces {
    private static final ByteBuf[] WORDS = Stream
            .of("Traceback (most recent call last)", "\\n  File \\\"", "\n  File \"",
                    "goroutine ", "stack backtrace:", "Exception in thread ", "\n\tat ", "\\n\\tat ", "\n   at ",
                    "\\n   at ",
                    "\nCaused by: ", "\\nCaused by: ")
            .map(word -> Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(word.getBytes(US_ASCII)).asReadOnly()))
            .toArray(ByteBuf[]::new);
    /** Endings of source files; a frame goes on with a colon or a parenthesis and a digit. */
    private static final byte[][] ENDINGS = Stream
            .of(".py", ".java", ".kt", ".scala", ".go", ".rs", ".js", ".mjs", ".ts", ".rb", ".php", ".cs", ".cpp",
                    ".cc",
                    ".cu", ".h")
            .map(ending -> ending.getBytes(US_ASCII)).toArray(byte[][]::new);
    private static final byte[] PYTHON_LINE = "\", line ".getBytes(US_ASCII);
    private static final byte[] ESCAPED_PYTHON_LINE = "\\\", line ".getBytes(US_ASCII);
    private static final byte[] DOT_NET_LINE = ":line ".getBytes(US_ASCII);

    private StackTraces() {}

    static boolean present(ByteBuf text) {
        for (ByteBuf word : WORDS) {
            if (ByteBufUtil.indexOf(word.duplicate(), text) >= 0) {
                return true;
            }
        }
        int end = text.writerIndex();
        for (int dot = text.indexOf(text.readerIndex(), end, (byte) '.'); dot >= 0; dot =
                text.indexOf(dot + 1, end, (byte) '.')) {
            if (isFrame(text, dot)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFrame(ByteBuf text, int dot) {
        for (byte[] ending : ENDINGS) {
            if (holds(text, dot, ending)) {
                int behind = dot + ending.length;
                if (numberFollows(text, behind) || holds(text, behind, PYTHON_LINE)
                        || holds(text, behind, ESCAPED_PYTHON_LINE) || holds(text, behind, DOT_NET_LINE)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean numberFollows(ByteBuf text, int index) {
        if (index + 1 >= text.writerIndex()) {
            return false;
        }
        byte mark = text.getByte(index);
        byte digit = text.getByte(index + 1);
        return (mark == ':' || mark == '(') && digit >= '0' && digit <= '9';
    }

    private static boolean holds(ByteBuf text, int index, byte[] wanted) {
        if (index + wanted.length > text.writerIndex()) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (text.getByte(index + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
