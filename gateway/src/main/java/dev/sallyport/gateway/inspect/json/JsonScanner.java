package dev.sallyport.gateway.inspect.json;

import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Reads a JSON text (RFC 8259) once, from its first byte to its last, and says whether every reader would understand
 * the same: one value, no byte order mark, UTF-8 alone, no name twice, nothing over its limit.
 *
 * <p>It keeps no values and does not recurse; a sound text costs no allocation once the scanner has seen one as long.
 * Not safe for use by several threads: {@link #ofThisThread} gives each its own.
 */
public final class JsonScanner {
    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;
    private static final int FALSE = 'f' | 'a' << 8 | 'l' << 16 | 's' << 24;

    private static final FastThreadLocal<JsonScanner> SCANNERS = new FastThreadLocal<>() {
        @Override
        protected JsonScanner initialValue() {
            SecureRandom random = new SecureRandom();
            return new JsonScanner(random.nextLong(), random.nextLong());
        }
    };

    private final JsonText text = new JsonText();
    private final JsonNames names;

    private JsonLimits limits = JsonLimits.DEFAULTS;
    private int depth;
    private boolean[] objects = new boolean[64];
    /** By nesting, of an array: the index of the element that is being read. */
    private int[] elements = new int[64];
    private JsonOutcome outcome = JsonOutcome.ONE;
    /** Of the outermost object's members: where each value begins, and how many elements it has when it is an array. */
    private int[] values = new int[16];
    private int[] sizes = new int[16];
    private int members;

    /** Two secret numbers, so that nobody can choose names whose hashes fall together. */
    JsonScanner(long seed, long factor) {
        names = new JsonNames(seed, factor);
    }

    /** The scanner of the calling thread. */
    public static JsonScanner ofThisThread() {
        return SCANNERS.get();
    }

    /** Looks at the readable bytes of {@code body}, whose indices and count stay as they are. */
    public JsonOutcome scan(ByteBuf body, JsonLimits allowed) {
        JsonOutcome found = load(body, allowed);
        text.release();
        return found;
    }

    /** As {@link #scan}; a sound text can be read in {@link #text} until {@link JsonText#release}. */
    JsonOutcome load(ByteBuf body, JsonLimits allowed) {
        text.load(body);
        limits = allowed;
        depth = 0;
        members = 0;
        names.clear();
        outcome = JsonOutcome.ONE;
        byte[] bytes = text.bytes();
        int end = document(bytes, space(bytes, 0));
        if (end >= 0 && end < text.length()) {
            malformed(end, "goes on behind its end");
        }
        return outcome;
    }

    JsonText text() {
        return text;
    }

    /** How many members the sound text has that was loaded last; 0 when it is no object. */
    int members() {
        return members;
    }

    boolean memberNamed(int member, byte[] name) {
        return JsonCursor.means(text.bytes(), names.start(member), names.end(member), name);
    }

    int memberNameStart(int member) {
        return names.start(member);
    }

    /** Bytes of the name as it is written. */
    int memberNameLength(int member) {
        return names.end(member) - names.start(member);
    }

    String memberName(int member) {
        return JsonCursor.text(text.bytes(), names.start(member), names.end(member));
    }

    /** Where the value of the member begins. */
    int memberValue(int member) {
        return values[member];
    }

    /** The elements of the member, if it is an array. */
    int memberElements(int member) {
        return sizes[member];
    }

    /** The elements of the sound text that was loaded last, if it is an array that is not empty. */
    int rootElements() {
        return elements[0] + 1;
    }

    /** Reads one value; the index behind it and its white space, or -1 when {@link #outcome} has become a defect. */
    private int document(byte[] bytes, int start) {
        int at = start;
        long rest = limits.values();
        while (true) {
            if (rest-- == 0) {
                return tooLarge(at, "has more than " + limits.values() + " values", limits.values());
            }
            byte lead = bytes[at];
            if (lead == '"') {
                at = string(bytes, at);
            } else if (lead == '{' || lead == '[') {
                if (depth == limits.depth()) {
                    return tooLarge(at, "is nested deeper than " + depth, depth);
                }
                boolean object = lead == '{';
                at = space(bytes, at + 1);
                if (bytes[at] == (object ? '}' : ']')) {
                    at++;
                } else {
                    open(object);
                    at = object ? name(bytes, at) : at;
                    if (at < 0) {
                        return at;
                    }
                    continue;
                }
            } else {
                at = lead >= 'a' ? word(bytes, at) : number(bytes, at);
            }
            if (at >= 0) {
                at = behind(bytes, at);
            }
            if (at < 0 || depth == 0) {
                return at;
            }
        }
    }

    /** Passes what may stand behind a value: the ends of what it stands in, then a comma and the next name. */
    private int behind(byte[] bytes, int start) {
        int at = space(bytes, start);
        while (depth > 0) {
            boolean object = objects[depth - 1];
            byte found = bytes[at];
            if (found == ',') {
                at = space(bytes, at + 1);
                if (object) {
                    return name(bytes, at);
                }
                return ++elements[depth - 1] < limits.elements()
                        ? at
                        : tooLarge(at, "has an array of more than " + limits.elements() + " elements",
                                limits.elements());
            }
            if (found != (object ? '}' : ']')) {
                return malformed(at, at >= text.length()
                        ? "ends within " + (object ? "an object" : "an array")
                        : "lacks a comma or the end of " + (object ? "an object" : "an array"));
            }
            depth--;
            if (object) {
                names.close(depth);
            } else if (depth == 1 && objects[0]) {
                sizes[members - 1] = elements[1] + 1;
            }
            at = space(bytes, at + 1);
        }
        return at;
    }

    private void open(boolean object) {
        if (depth == objects.length) {
            objects = Arrays.copyOf(objects, depth * 2);
            elements = Arrays.copyOf(elements, depth * 2);
        }
        objects[depth] = object;
        elements[depth] = 0;
        if (object) {
            names.open(depth);
        }
        depth++;
    }

    /** Reads a name and its colon; the index of the value. */
    private int name(byte[] bytes, int start) {
        if (bytes[start] != '"') {
            return malformed(start, start >= text.length() ? "ends within an object" : "lacks a name in an object");
        }
        int at = names.read(bytes, start + 1);
        if (at < 0) {
            return malformed(~at, JsonStrings.defect(bytes, ~at, text.length()));
        }
        if (at - start - 2 > limits.stringBytes()) {
            return tooLarge(start, "has a name of more than " + limits.stringBytes() + " bytes", limits.stringBytes());
        }
        if (names.members(depth - 1) > limits.members()) {
            return tooLarge(start, "has an object of more than " + limits.members() + " members", limits.members());
        }
        if (names.repeated(bytes, depth - 1)) {
            return malformed(start, "has the same name twice in one object");
        }
        at = space(bytes, at);
        if (bytes[at] != ':') {
            return malformed(at, "lacks the colon behind a name");
        }
        at = space(bytes, at + 1);
        if (depth == 1) {
            member(at);
        }
        return at;
    }

    private void member(int value) {
        if (members == values.length) {
            values = Arrays.copyOf(values, members * 2);
            sizes = Arrays.copyOf(sizes, members * 2);
        }
        values[members] = value;
        sizes[members] = 0;
        members++;
    }

    private int string(byte[] bytes, int start) {
        int end = JsonStrings.end(bytes, start + 1);
        if (end < 0) {
            return malformed(~end, JsonStrings.defect(bytes, ~end, text.length()));
        }
        return end - start - 2 <= limits.stringBytes()
                ? end
                : tooLarge(start, "has a string of more than " + limits.stringBytes() + " bytes", limits.stringBytes());
    }

    private int number(byte[] bytes, int start) {
        int end = JsonNumerals.end(bytes, start, limits.digits(), limits.magnitude());
        if (end >= 0) {
            return end;
        }
        byte lead = bytes[start];
        if (~end == start && (lead == '-' || lead >= '0' && lead <= '9')) {
            return tooLarge(start,
                    "has a number of more than " + limits.digits() + " digits, or beyond 10 to the power of "
                            + limits.magnitude(),
                    limits.digits());
        }
        return malformed(~end, unreadable(bytes, start, ~end));
    }

    private String unreadable(byte[] bytes, int start, int at) {
        if (text.length() == 0) {
            return "is empty";
        }
        if (start == 0 && (bytes[0] == (byte) 0xef || bytes[0] == (byte) 0xfe || bytes[0] == (byte) 0xff)) {
            return "begins with a byte order mark";
        }
        if (bytes[at] == 'N' || bytes[at] == 'I') {
            return "has NaN or Infinity, which JSON does not have";
        }
        return at >= text.length() ? "ends where a value is needed" : "has no value where one is needed";
    }

    /** Reads {@code true}, {@code false} or {@code null}. */
    private int word(byte[] bytes, int at) {
        int four = (int) (long) JsonText.WORD.get(bytes, at);
        if (four == TRUE || four == NULL) {
            return at + 4;
        }
        return four == FALSE && bytes[at + 4] == 'e' ? at + 5 : malformed(at, "has no value where one is needed");
    }

    /** The index of the first byte from {@code start} that is not white space. */
    static int space(byte[] bytes, int start) {
        int at = start;
        while (bytes[at] <= ' ' && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private int malformed(int at, String what) {
        return defect(Reason.MALFORMED, at, what, -1);
    }

    private int tooLarge(int at, String what, long limit) {
        return defect(Reason.TOO_LARGE, at, what, limit);
    }

    private int defect(Reason reason, int at, String what, long limit) {
        JsonPath path = new JsonPath();
        for (int level = 0; level < depth; level++) {
            if (!objects[level]) {
                path.element(elements[level]);
                continue;
            }
            int inner = level + 1;
            while (inner < depth && !objects[inner]) {
                inner++;
            }
            int last = names.lastOf(inner < depth ? inner : -1);
            if (last >= names.firstOf(level)) {
                path.member(text.bytes(), names.start(last), names.end(last));
            }
        }
        outcome = new JsonDefect(reason, what, path.toString(), Math.min(at, text.length()), limit);
        return -1;
    }
}
