package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RefusalCode;
import io.netty.buffer.ByteBuf;

/**
 * Reads one section of lines after another from what a connection receives: a start line, when the kind of message has one,
 * and fields up to the empty line (RFC 9112 sections 2 to 5). Strict: lines end with CR LF, nothing is folded.
 *
 * <p>The bytes may come in any pieces; whole lines are consumed as they come, the rest of a line stays in the buffer. A
 * section costs one copy into the loop's scratch array and one pass over it.
 */
abstract class HeadParser {
    /** Says that more bytes are needed. */
    static final int INCOMPLETE = -1;

    private static final int FIRST_WINDOW_BYTES = 4 * 1024;
    /** How long the known part of a line may be to be read again with each byte that comes: longer would cost an attacker too little. */
    private static final int REREAD_BYTES_MAX = 1024;

    private final Limits limits;
    private final Scratch scratch;
    private final FieldSection fields;
    private final boolean startLineExpected;

    private boolean startLineRead;
    private boolean complete;
    private int sectionBytes;
    private int searched;
    private int emptyLines;

    HeadParser(FieldSection.Kind kind, Limits limits, Scratch scratch) {
        this.limits = limits;
        this.scratch = scratch;
        fields = new FieldSection(kind, limits);
        startLineExpected = kind != FieldSection.Kind.TRAILERS;
        startLineRead = !startLineExpected;
    }

    /**
     * Reads the start line, which begins at {@code at}, of {@code bytes} up to {@code end}.
     *
     * @return where the next line begins; {@link #INCOMPLETE} when the line goes on behind {@code end}
     */
    abstract int startLine(byte[] bytes, int at, int end) throws ProtocolViolation;

    /** How many empty lines are skipped before the start line. */
    abstract int emptyLinesMax();

    final Limits limits() {
        return limits;
    }

    /** The fields read; stays valid until the next section begins. */
    final FieldSection fields() {
        return fields;
    }

    /** Whether a section has begun that is not complete. */
    final boolean begun() {
        return !complete && (startLineRead || searched > 0);
    }

    /**
     * Consumes what {@code in} holds of the section; does not release it.
     *
     * @return whether the section is complete; the call after that begins the next one
     */
    final boolean parse(ByteBuf in) throws ProtocolViolation {
        if (complete) {
            begin();
        }
        int readable = in.readableBytes();
        if (searched > REREAD_BYTES_MAX && startLineRead && stillWithoutEnd(in, readable)) {
            searched = readable;
            return false;
        }
        int window = Math.min(readable, Math.max(FIRST_WINDOW_BYTES, searched * 2));
        while (window > 0) {
            byte[] bytes = scratch.atLeast(window);
            in.getBytes(in.readerIndex(), bytes, 0, window);
            int used = lines(bytes, window);
            in.skipBytes(used);
            if (complete) {
                fields.complete();
                return true;
            }
            readable -= used;
            searched = window - used;
            if (searched == readable) {
                return false;
            }
            window = Math.min(readable, used == 0 ? window * 4 : FIRST_WINDOW_BYTES);
        }
        return false;
    }

    /** Whether a field line of which the beginning is known goes on, so that reading it again would be in vain. */
    private boolean stillWithoutEnd(ByteBuf in, int readable) {
        return readable <= limits.headerBytes() - sectionBytes
                && in.indexOf(in.readerIndex() + searched, in.writerIndex(), (byte) '\n') < 0;
    }

    /** Nothing more will come: has the next call look at all there is. */
    final void reread() {
        searched = Math.min(searched, REREAD_BYTES_MAX);
    }

    private void begin() {
        complete = false;
        startLineRead = !startLineExpected;
        sectionBytes = 0;
        searched = 0;
        emptyLines = 0;
        fields.clear();
    }

    /** @return how many bytes were read: whole lines */
    private int lines(byte[] bytes, int end) throws ProtocolViolation {
        int at = 0;
        while (at < end && !complete) {
            int next;
            if (startLineRead) {
                next = fieldLine(bytes, at, end);
                count((next == INCOMPLETE ? end : next) - at, next);
            } else if (bytes[at] == '\r') {
                next = skippedLine(bytes, at, end);
            } else {
                next = startLine(bytes, at, end);
                startLineRead = next != INCOMPLETE;
            }
            if (next == INCOMPLETE) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private int skippedLine(byte[] bytes, int at, int end) throws ProtocolViolation {
        if (emptyLines == emptyLinesMax()) {
            throw ProtocolViolation
                    .malformed("There are more than " + emptyLinesMax() + " empty lines before the start line.");
        }
        int next = endOfLine(bytes, at, end);
        emptyLines += next == INCOMPLETE ? 0 : 1;
        return next;
    }

    private void count(int lineBytes, int next) throws ProtocolViolation {
        if (sectionBytes + lineBytes > limits.headerBytes()) {
            throw new ProtocolViolation(RefusalCode.HEADER_TOO_LARGE,
                    "The fields are longer than " + limits.headerBytes() + " bytes.");
        }
        if (next != INCOMPLETE) {
            sectionBytes += lineBytes;
        }
    }

    private int fieldLine(byte[] bytes, int from, int end) throws ProtocolViolation {
        byte first = bytes[from];
        if (first == '\r') {
            return emptyLine(bytes, from, end);
        }
        int at = from;
        int hash = 0;
        byte lower;
        while (at < end && (lower = Characters.tokenLower(bytes[at])) != 0) {
            bytes[at++] = lower;
            hash = hash * 31 + lower;
        }
        if (at == end) {
            return INCOMPLETE;
        }
        if (bytes[at] != ':' || at == from) {
            throw badName(bytes[at], at == from);
        }
        return value(bytes, from, at, hash, end);
    }

    private int value(byte[] bytes, int nameFrom, int nameTo, int hash, int end) throws ProtocolViolation {
        int at = nameTo + 1;
        while (at < end && isBlank(bytes[at])) {
            at++;
        }
        int valueFrom = at;
        while (at < end && Characters.isFieldValue(bytes[at])) {
            at++;
        }
        int next = endOfLine(bytes, at, end);
        if (next == INCOMPLETE) {
            return INCOMPLETE;
        }
        while (at > valueFrom && isBlank(bytes[at - 1])) {
            at--;
        }
        fields.add(bytes, nameFrom, nameTo, hash, valueFrom, at);
        return next;
    }

    private int emptyLine(byte[] bytes, int at, int end) throws ProtocolViolation {
        int next = endOfLine(bytes, at, end);
        complete = next != INCOMPLETE;
        return next;
    }

    /** What follows the CR LF that must stand at {@code at}; {@link #INCOMPLETE} when it has not come whole. */
    static int endOfLine(byte[] bytes, int at, int end) throws ProtocolViolation {
        if (at == end) {
            return INCOMPLETE;
        }
        if (bytes[at] != '\r') {
            throw ProtocolViolation.malformed(
                    bytes[at] == '\n' ? "A line ends with LF without CR." : "A line holds a control character.");
        }
        if (at + 1 == end) {
            return INCOMPLETE;
        }
        if (bytes[at + 1] != '\n') {
            throw ProtocolViolation.malformed("A line holds a CR that is not followed by LF.");
        }
        return at + 2;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static ProtocolViolation badName(byte found, boolean first) {
        if (isBlank(found)) {
            return ProtocolViolation.malformed(
                    first ? "A line begins with white space: fields must not be folded."
                            : "White space stands before the colon of a field.");
        }
        return ProtocolViolation.malformed(
                found == ':' ? "A field has no name."
                        : found == '\n' ? "A line ends with LF without CR, or has no colon."
                        : "A field name holds a character that no token may hold.");
    }
}
