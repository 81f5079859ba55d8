package dev.sallyport.gateway.inspect.json;

/** Notes the members and elements to which pointers lead as removed. */
final class JsonRemoval {
    private final PointerSet pointers;
    private final JsonEdits edits;

    JsonRemoval(PointerSet pointers, JsonEdits edits) {
        this.pointers = pointers;
        this.edits = edits;
    }

    void walk(byte[] bytes) {
        value(bytes, JsonScanner.space(bytes, 0), pointers.all(), 0);
    }

    /** Recursion is as deep as the longest pointer. */
    private int value(byte[] bytes, int start, long active, int level) {
        if (active == 0 || bytes[start] != '{' && bytes[start] != '[') {
            return JsonCursor.skip(bytes, start);
        }
        JsonCursor cursor = new JsonCursor(bytes, start);
        JsonGaps gaps = new JsonGaps(edits);
        while (cursor.next()) {
            long inner = pointers.narrowed(active, level, cursor);
            if (pointers.ends(inner, level + 1)) {
                gaps.drop(cursor);
            } else {
                gaps.keep(cursor);
                cursor.ended(value(bytes, cursor.value(), inner, level + 1));
            }
            gaps.passed(cursor);
        }
        gaps.end();
        return cursor.end();
    }
}
