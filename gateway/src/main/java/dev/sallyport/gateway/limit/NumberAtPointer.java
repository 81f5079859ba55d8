package dev.sallyport.gateway.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.ByteProcessor;
import java.util.Arrays;

/**
 * Finds the number at one JSON Pointer (RFC 6901) in a text of JSON that comes byte by byte. Keeps nothing of the text,
 * however long or deep it is. Where the text is no JSON it finds something or nothing, and never fails.
 */
final class NumberAtPointer implements ByteProcessor {
    /** There is no number at the pointer, or none that counts something: negative, with exponent, beyond 18 digits. */
    static final long NONE = -1;

    private static final long MOST = 1_000_000_000_000_000_000L;
    private static final int NO_INDEX = -1;

    private enum State {
        BETWEEN, STRING, STRING_ESCAPE, KEY, KEY_ESCAPE, KEY_UNICODE, NUMBER, FRACTION
    }

    private final byte[][] names;
    private final int[] indexes;
    /** Of the containers that lead to the pointer: whether each is an array, and where in it we are. */
    private final boolean[] arrays;
    private final int[] positions;
    private final byte[] key;

    private State state = State.BETWEEN;
    private int depth;
    /** How many of the open containers lead to the pointer. */
    private int onPath;
    private boolean keyExpected;
    /** Whether the value that comes next leads to the pointer. */
    private boolean leads = true;
    private int keyLength;
    private int unicode;
    private int unicodeDigits;
    private long number;
    private boolean roundUp;
    private long found = NONE;

    NumberAtPointer(String pointer) {
        String[] tokens = pointer.substring(1).split("/", -1);
        names = new byte[tokens.length][];
        indexes = new int[tokens.length];
        arrays = new boolean[tokens.length];
        positions = new int[tokens.length];
        int longest = 0;
        for (int i = 0; i < tokens.length; i++) {
            names[i] = tokens[i].replace("~1", "/").replace("~0", "~").getBytes(UTF_8);
            indexes[i] = index(names[i]);
            longest = Math.max(longest, names[i].length);
        }
        key = new byte[longest + 1];
    }

    private static int index(byte[] name) {
        long index = 0;
        for (byte each : name) {
            if (each < '0' || each > '9' || index > Integer.MAX_VALUE / 10 - 1) {
                return NO_INDEX;
            }
            index = index * 10 + each - '0';
        }
        return name.length == 0 || name.length > 1 && name[0] == '0' ? NO_INDEX : (int) index;
    }

    /** The last number that was found; {@link #NONE} when there was none. */
    long found() {
        return found;
    }

    /** Begins another text, and forgets what was found. */
    void reset() {
        state = State.BETWEEN;
        depth = 0;
        onPath = 0;
        keyExpected = false;
        leads = true;
        found = NONE;
    }

    /** Always true: the whole text is wanted. */
    @Override
    public boolean process(byte value) {
        switch (state) {
            case BETWEEN -> between(value);
            case STRING -> state = value == '"' ? State.BETWEEN : value == '\\' ? State.STRING_ESCAPE : State.STRING;
            case STRING_ESCAPE -> state = State.STRING;
            case KEY -> key(value);
            case KEY_ESCAPE -> escape(value);
            case KEY_UNICODE -> unicode(value);
            case NUMBER, FRACTION -> number(value);
        }
        return true;
    }

    private boolean atPointer() {
        return leads && depth == onPath && onPath == names.length;
    }

    private void between(byte value) {
        switch (value) {
            case '{', '[' -> open(value == '[');
            case '}', ']' -> close();
            case ',' -> next();
            case '"' -> {
                boolean named = depth == onPath && onPath > 0 && !arrays[onPath - 1] && keyExpected;
                keyLength = 0;
                if (!named && atPointer()) {
                    found = NONE;
                }
                state = named ? State.KEY : State.STRING;
            }
            case '-' -> {
                if (atPointer()) {
                    found = NONE;
                    leads = false;
                }
            }
            default -> {
                if (value >= '0' && value <= '9' && atPointer()) {
                    number = value - '0';
                    roundUp = false;
                    state = State.NUMBER;
                }
            }
        }
    }

    private void open(boolean array) {
        if (leads && depth == onPath && onPath < names.length) {
            arrays[onPath] = array;
            positions[onPath] = 0;
            keyExpected = !array;
            leads = array && indexes[onPath] == 0;
            onPath++;
        } else if (atPointer()) {
            found = NONE;
        }
        depth++;
    }

    private void close() {
        depth--;
        if (depth < onPath) {
            onPath = Math.max(0, depth);
            leads = false;
            keyExpected = false;
        }
    }

    private void next() {
        if (depth != onPath || onPath == 0) {
            return;
        }
        if (arrays[onPath - 1]) {
            positions[onPath - 1]++;
            leads = positions[onPath - 1] == indexes[onPath - 1];
        } else {
            keyExpected = true;
            leads = false;
        }
    }

    private void key(byte value) {
        if (value == '\\') {
            state = State.KEY_ESCAPE;
        } else if (value == '"') {
            byte[] wanted = names[onPath - 1];
            leads = keyLength == wanted.length && Arrays.equals(key, 0, keyLength, wanted, 0, wanted.length);
            keyExpected = false;
            state = State.BETWEEN;
        } else {
            add(value);
        }
    }

    private void add(int value) {
        if (keyLength < key.length) {
            key[keyLength++] = (byte) value;
        }
    }

    private void escape(byte value) {
        state = State.KEY;
        switch (value) {
            case 'b' -> add('\b');
            case 'f' -> add('\f');
            case 'n' -> add('\n');
            case 'r' -> add('\r');
            case 't' -> add('\t');
            case 'u' -> {
                unicode = 0;
                unicodeDigits = 0;
                state = State.KEY_UNICODE;
            }
            default -> add(value);
        }
    }

    /** Halves of a pair beyond U+FFFF are written as they come, and match no name. */
    private void unicode(byte value) {
        unicode = unicode << 4 | Character.digit(value, 16) & 0xf;
        if (++unicodeDigits < 4) {
            return;
        }
        state = State.KEY;
        if (unicode < 0x80) {
            add(unicode);
        } else if (unicode < 0x800) {
            add(0xc0 | unicode >> 6);
            add(0x80 | unicode & 0x3f);
        } else {
            add(0xe0 | unicode >> 12);
            add(0x80 | unicode >> 6 & 0x3f);
            add(0x80 | unicode & 0x3f);
        }
    }

    private void number(byte value) {
        if (value >= '0' && value <= '9') {
            if (state == State.NUMBER) {
                number = number >= MOST / 10 ? MOST : number * 10 + value - '0';
            } else if (value > '0') {
                roundUp = true;
            }
        } else if (value == '.' && state == State.NUMBER) {
            state = State.FRACTION;
        } else {
            finish(value);
        }
    }

    private void finish(byte value) {
        boolean ends = value == ',' || value == '}' || value == ']' || value == ' ' || value == '\n' || value == '\r'
                || value == '\t';
        long whole = roundUp ? number + 1 : number;
        found = ends && whole < MOST ? whole : NONE;
        leads = false;
        state = State.BETWEEN;
        if (ends) {
            between(value);
        }
    }
}
