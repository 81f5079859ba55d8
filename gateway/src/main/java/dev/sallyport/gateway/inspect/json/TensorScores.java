package dev.sallyport.gateway.inspect.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** Writes the data of an answer's tensors (KServe's second protocol) as a caller may see them. */
final class TensorScores {
    static final byte[] DATA = "data".getBytes(US_ASCII);
    private static final byte[] DATATYPE = "datatype".getBytes(US_ASCII);

    private final ScoreVectors vectors;
    private final Ranking ranking = new Ranking();
    private @Nullable String contradiction;

    TensorScores(ScoreVectors vectors) {
        this.vectors = vectors;
    }

    /** What keeps the answer from being read for sure; null when nothing does. */
    @Nullable
    String contradiction() {
        return contradiction;
    }

    /** Whether the tensor at {@code object} is of floating point, so that its data are scores. */
    static boolean floating(byte[] bytes, int object) {
        int type = JsonCursor.member(bytes, object, DATATYPE);
        return type >= 0 && bytes[type] == '"'
                && (bytes[type + 1] == 'F' || bytes[type + 1] == 'B')
                && (bytes[type + 2] == 'P' || bytes[type + 2] == 'F');
    }

    /** Writes the data at {@code data} of the tensor at {@code object}; each run of its last dimension is one list. */
    int write(byte[] bytes, int object, int data) {
        ranking.clear();
        int end = collect(bytes, data);
        int shapeAt = JsonCursor.member(bytes, object, TensorShape.SHAPE);
        TensorShape shape = shapeAt < 0 ? null : TensorShape.read(bytes, shapeAt);
        if (end < 0 || shape == null || shape.size() != ranking.count()) {
            contradiction = "has a tensor whose `shape` is not that of its `data`";
            return JsonCursor.skip(bytes, data);
        }
        int last = shape.dimensions() < 2 || !vectors.hides() ? 1 : (int) shape.last();
        for (int from = 0; from < ranking.count(); from += last) {
            vectors.list(bytes, ranking, from, from + last);
        }
        return end;
    }

    /** Gathers the numbers of lists within lists; the index behind them, or -1 when something else is there. */
    private int collect(byte[] bytes, int start) {
        if (JsonCursor.number(bytes[start])) {
            int end = JsonCursor.skip(bytes, start);
            ranking.add(bytes, start, end);
            return end;
        }
        if (bytes[start] != '[') {
            return -1;
        }
        JsonCursor element = new JsonCursor(bytes, start);
        while (element.next()) {
            int end = collect(bytes, element.value());
            if (end < 0) {
                return -1;
            }
            element.ended(end);
        }
        return element.end();
    }
}
