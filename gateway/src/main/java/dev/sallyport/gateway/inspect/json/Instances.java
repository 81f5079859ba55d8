package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sallyport.gateway.inspect.json.JsonDefect.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Counts the instances for which a sound text asks; never fewer than a model would compute.
 *
 * <p>Known shapes: {@code instances} (KServe's first protocol and TensorFlow's rows), {@code inputs} as a list of tensors
 * (KServe's second protocol), as rows or as columns (TensorFlow), {@code input} (embeddings), and a list as the whole text. A text
 * that two models could count differently is malformed.
 */
final class Instances {
    private static final byte[][] NAMES = {
        "instances".getBytes(US_ASCII), "inputs".getBytes(US_ASCII), "input".getBytes(US_ASCII)};
    private static final int LENGTH_MIN = 5;
    /** Of the longest name when every letter is escaped. */
    private static final int LENGTH_MAX = 6 * 9;
    private static final int INSTANCES = 0;
    private static final int INPUTS = 1;

    private final JsonScanner scanner;
    private final byte[] bytes;
    private final InstanceRule rule;

    private Instances(JsonScanner scanner, InstanceRule rule) {
        this.scanner = scanner;
        this.bytes = scanner.text().bytes();
        this.rule = rule;
    }

    /** Counts in the text that the scanner has loaded last and found sound. */
    static JsonOutcome count(JsonScanner scanner, InstanceRule rule) {
        return new Instances(scanner, rule).count();
    }

    private JsonOutcome count() {
        JsonPointer pointer = rule.pointer();
        if (pointer != null) {
            int at = pointer.find(bytes);
            return at < 0
                    ? new JsonDefect(Reason.MALFORMED, "lacks the value whose elements are counted", pointer.toString(),
                            -1)
                    : limited(bytes[at] == '[' ? elements(at) : 1, pointer.toString());
        }
        int root = JsonScanner.space(bytes, 0);
        return switch (bytes[root]) {
            case '{' -> object();
            case '[' -> limited(rows(root, scanner.rootElements()), "");
            default -> JsonOutcome.ONE;
        };
    }

    private JsonOutcome object() {
        int known = -1;
        int found = -1;
        for (int member = 0; member < scanner.members(); member++) {
            int name = name(member);
            if (name < 0) {
                continue;
            }
            int at = scanner.memberValue(member);
            if (!scanner.memberNamed(member, NAMES[name])) {
                return malformed("has a name that differs from `" + text(name) + "` in letter case alone", name, at);
            }
            if (known >= 0) {
                return malformed("has both `" + text(known) + "` and `" + text(name)
                        + "`, so that it is not clear what is computed", name, at);
            }
            known = name;
            found = member;
        }
        if (known < 0) {
            return JsonOutcome.ONE;
        }
        int at = scanner.memberValue(found);
        boolean array = bytes[at] == '[';
        int elements = scanner.memberElements(found);
        return switch (known) {
            case INSTANCES -> array
                    ? limited(elements, "/instances")
                    : malformed("has `instances` that are no array", known, at);
            case INPUTS -> inputs(at);
            default -> limited(array ? rows(at, elements) : 1, "/input");
        };
    }

    /** Which of the known names the member has, when letter case does not count; -1 for none. */
    private int name(int member) {
        int length = scanner.memberNameLength(member);
        byte first = bytes[scanner.memberNameStart(member)];
        if (length < LENGTH_MIN || length > LENGTH_MAX || first != '\\' && (first | 0x20) != 'i') {
            return -1;
        }
        String name = scanner.memberName(member);
        for (int i = 0; i < NAMES.length; i++) {
            if (name.equalsIgnoreCase(text(i))) {
                return i;
            }
        }
        return -1;
    }

    private JsonOutcome inputs(int at) {
        if (bytes[at] == '{') {
            return columns(at);
        }
        if (bytes[at] != '[') {
            return JsonOutcome.ONE;
        }
        int tensors = 0;
        JsonCursor element = new JsonCursor(bytes, at);
        while (element.next()) {
            tensors += bytes[element.value()] == '{' && Tensor.looksLikeOne(bytes, element.value()) ? 1 : 0;
        }
        int count = element.index() + 1;
        if (tensors == 0) {
            return limited(count, "/inputs");
        }
        return tensors == count ? tensors(at) : malformed("mixes tensors with other `inputs`", INPUTS, at);
    }

    private JsonOutcome tensors(int at) {
        long instances = -1;
        JsonCursor element = new JsonCursor(bytes, at);
        while (element.next()) {
            String place = "/inputs/" + element.index();
            Tensor tensor = Tensor.read(bytes, element.value());
            String defect = tensor.defect();
            if (defect != null) {
                return new JsonDefect(Reason.MALFORMED, defect, place, element.value());
            }
            if (tensor.values() > rule.tensorValues()) {
                return new JsonDefect(Reason.TOO_LARGE, "has a tensor of more than " + rule.tensorValues() + " values",
                        place, element.value(), rule.tensorValues());
            }
            if (instances >= 0 && instances != tensor.instances()) {
                return new JsonDefect(Reason.MALFORMED, "has tensors whose first dimensions differ", place,
                        element.value());
            }
            instances = tensor.instances();
        }
        return limited(instances, "/inputs");
    }

    /** TensorFlow's columns: each value is one input of the model, and its first dimension the instances. */
    private JsonOutcome columns(int at) {
        long instances = -1;
        JsonCursor column = new JsonCursor(bytes, at);
        while (column.next()) {
            if (bytes[column.value()] != '[') {
                continue;
            }
            long elements = elements(column.value());
            if (instances >= 0 && instances != elements) {
                String place = new JsonPath().member("inputs").member(column.name()).toString();
                return new JsonDefect(Reason.MALFORMED, "has columns of different lengths", place, column.value());
            }
            instances = elements;
        }
        return limited(instances, "/inputs");
    }

    /** The elements of a list; a list of numbers alone is one row. */
    private long rows(int at, int elements) {
        JsonCursor element = new JsonCursor(bytes, at);
        while (element.next()) {
            if (!JsonCursor.number(bytes[element.value()])) {
                return elements;
            }
        }
        return 1;
    }

    private long elements(int at) {
        JsonCursor element = new JsonCursor(bytes, at);
        while (element.next()) {
            // only counts
        }
        return element.index() + 1L;
    }

    private JsonOutcome limited(long instances, String pointer) {
        if (instances > rule.most()) {
            return new JsonDefect(Reason.TOO_MANY_INSTANCES,
                    "asks for " + instances + " instances, of which one call may hold " + rule.most(), pointer, -1,
                    rule.most());
        }
        return instances <= 1 ? JsonOutcome.ONE : new JsonOutcome.Sound(instances);
    }

    private static String text(int name) {
        return new String(NAMES[name], US_ASCII);
    }

    private static JsonDefect malformed(String what, int name, int at) {
        return new JsonDefect(Reason.MALFORMED, what, "/" + text(name), at);
    }

    /**
     * One input tensor of KServe's second protocol.
     *
     * @param defect what keeps it from being counted; null when nothing does
     */
    private record Tensor(long instances, long values, @Nullable String defect) {
        private static final byte[] DATATYPE = "datatype".getBytes(US_ASCII);

        static boolean looksLikeOne(byte[] bytes, int object) {
            JsonCursor member = new JsonCursor(bytes, object);
            while (member.next()) {
                if (member.named(TensorShape.SHAPE) || member.named(DATATYPE) || member.named(TensorScores.DATA)) {
                    return true;
                }
            }
            return false;
        }

        static Tensor read(byte[] bytes, int object) {
            int shapeAt = JsonCursor.member(bytes, object, TensorShape.SHAPE);
            int data = JsonCursor.member(bytes, object, TensorScores.DATA);
            TensorShape shape = shapeAt < 0 ? null : TensorShape.read(bytes, shapeAt);
            if (shape == null) {
                return new Tensor(0, 0, "has a tensor without a sound `shape`");
            }
            if (data < 0 || bytes[data] != '[') {
                return new Tensor(0, 0, "has a tensor whose `data` are no array");
            }
            return values(bytes, data) == shape.size()
                    ? new Tensor(shape.first(), shape.size(), null)
                    : new Tensor(0, 0, "has a tensor whose `shape` is not that of its `data`");
        }

        /** The values in lists within lists; -1 when an object is among them. */
        private static long values(byte[] bytes, int list) {
            long count = 0;
            JsonCursor element = new JsonCursor(bytes, list);
            while (element.next()) {
                byte lead = bytes[element.value()];
                if (lead == '{') {
                    return -1;
                }
                long inner = lead == '[' ? values(bytes, element.value()) : 1;
                if (inner < 0) {
                    return -1;
                }
                count += inner;
            }
            return count;
        }
    }
}
