package dev.sallyport.gateway.limit;

/**
 * Splits a stream of server-sent events (HTML, section 9.2.6) into events and the bytes of their data, byte by byte. Keeps
 * nothing of the stream, so neither lines nor events need a bound.
 */
final class EventLines {
    /** What a byte means. */
    enum Part {
        /** Nothing of interest. */
        OTHER,
        /** A byte of an event's data; of several lines of data, a line feed stands between them. */
        DATA,
        /** With this byte a line of data ends. */
        DATA_END,
        /** With this byte an event that has data is complete. */
        EVENT_END
    }

    private enum Line {
        NAME, VALUE_START, DATA, IGNORED
    }

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Line line = Line.NAME;
    private int length;
    private int mark;
    private boolean marking = true;
    private boolean afterCarriageReturn;
    private boolean data;

    Part next(byte value) {
        if (marking) {
            if (value == BYTE_ORDER_MARK[mark]) {
                marking = ++mark < BYTE_ORDER_MARK.length;
                return Part.OTHER;
            }
            marking = false;
        }
        boolean second = afterCarriageReturn && value == '\n';
        afterCarriageReturn = value == '\r';
        if (second) {
            return Part.OTHER;
        }
        return value == '\n' || value == '\r' ? end() : within(value);
    }

    private Part within(byte value) {
        switch (line) {
            case NAME -> name(value);
            case VALUE_START -> {
                line = Line.DATA;
                if (value != ' ') {
                    return Part.DATA;
                }
            }
            case DATA -> {
                return Part.DATA;
            }
            case IGNORED -> {}
        }
        return Part.OTHER;
    }

    private void name(byte value) {
        if (value == ':' && length == DATA.length) {
            line = Line.VALUE_START;
            data = true;
        } else if (length < DATA.length && value == DATA[length]) {
            length++;
        } else {
            line = Line.IGNORED;
        }
    }

    private Part end() {
        boolean empty = line == Line.NAME && length == 0;
        boolean dataEnds = line == Line.DATA || line == Line.VALUE_START;
        line = Line.NAME;
        length = 0;
        if (empty && data) {
            data = false;
            return Part.EVENT_END;
        }
        return dataEnds ? Part.DATA_END : Part.OTHER;
    }
}
