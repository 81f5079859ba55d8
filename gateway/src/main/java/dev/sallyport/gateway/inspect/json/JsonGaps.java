package dev.sallyport.gateway.inspect.json;

/** Drops members or elements of one container so that the commas between those that stay are right. */
final class JsonGaps {
    private final JsonEdits edits;
    private boolean kept;
    private int behind;
    private int gap = -1;

    JsonGaps(JsonEdits edits) {
        this.edits = edits;
    }

    /** Where what the cursor stands at begins, with its name. */
    static int start(JsonCursor cursor) {
        return cursor.object() ? cursor.nameStart() - 1 : cursor.value();
    }

    /** Keeps where the cursor stands; to be called before anything in it is changed. */
    void keep(JsonCursor cursor) {
        if (gap >= 0) {
            edits.replace(gap, start(cursor));
            gap = -1;
        }
        kept = true;
    }

    void drop(JsonCursor cursor) {
        if (kept) {
            edits.replace(behind, cursor.end());
        } else if (gap < 0) {
            gap = start(cursor);
        }
    }

    /** To be called when all of a member or element has been seen, kept or not. */
    void passed(JsonCursor cursor) {
        behind = cursor.end();
    }

    void end() {
        if (gap >= 0) {
            edits.replace(gap, behind);
        }
    }
}
