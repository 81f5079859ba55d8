package dev.sallyport.gateway.inspect.json;

import java.util.Arrays;

/**
 * The names of all objects that are open, to find one that an object has twice, however it is escaped.
 *
 * <p>An object with few members is searched from end to end; one with more gets a hash table. Hashes are keyed with a secret,
 * so nobody can choose names that fall together, and equal hashes are compared byte by byte.
 */
final class JsonNames {
    private static final int SEARCHED_MAX = 16;
    private static final int KEPT_MAX = 1 << 16;
    private static final int[] NO_TABLE = new int[0];

    private final long seed;
    private final long factor;

    private long[] hashes = new long[256];
    private int[] starts = new int[256];
    private int[] ends = new int[256];
    private int count;

    /** By nesting: where the names of the object begin, and its table: 1 + the index of a name, 0 for none. */
    private int[] bases = new int[64];
    private int[][] tables = new int[64][];

    private byte[] first = new byte[256];
    private byte[] second = new byte[256];

    JsonNames(long seed, long factor) {
        this.seed = seed;
        this.factor = factor | 1;
    }

    void clear() {
        count = 0;
        if (hashes.length > KEPT_MAX) {
            hashes = new long[256];
            starts = new int[256];
            ends = new int[256];
            tables = new int[bases.length][];
        }
        if (first.length > KEPT_MAX) {
            first = new byte[256];
            second = new byte[256];
        }
    }

    /** An object begins at this nesting, from 0. */
    void open(int depth) {
        // Arrays may have nested far deeper since the last object.
        if (depth >= bases.length) {
            bases = Arrays.copyOf(bases, depth * 2);
            tables = Arrays.copyOf(tables, depth * 2);
        }
        bases[depth] = count;
    }

    void close(int depth) {
        count = bases[depth];
    }

    /** How many names the innermost object, at this nesting, has so far. */
    int members(int depth) {
        return count - bases[depth];
    }

    /**
     * Reads the name whose first byte is at {@code start}, and keeps it. Returns the index behind its closing quote, or
     * the complement of where it breaks.
     */
    int read(byte[] bytes, int start) {
        long hash = seed;
        int at = start;
        while (true) {
            long word = (long) JsonText.WORD.get(bytes, at);
            long special = JsonStrings.special(word);
            if (special == 0) {
                hash = mix(hash ^ word);
                at += 8;
                continue;
            }
            int rest = Long.numberOfTrailingZeros(special) & 0x38;
            at += rest >>> 3;
            if (bytes[at] == '"') {
                add(finish(hash, rest == 0 ? 0 : word & -1L >>> 64 - rest, at - start), start, at);
                return at + 1;
            }
            return unusual(bytes, start);
        }
    }

    /** Whether the innermost object, at this nesting, had the name that was read last before. */
    boolean repeated(byte[] bytes, int depth) {
        int last = count - 1;
        int base = bases[depth];
        if (last - base >= SEARCHED_MAX) {
            return inserted(bytes, depth, base, last);
        }
        long hash = hashes[last];
        for (int i = base; i < last; i++) {
            if (hashes[i] == hash && same(bytes, i, last)) {
                return true;
            }
        }
        return false;
    }

    int firstOf(int depth) {
        return bases[depth];
    }

    /** The last name of an object; {@code inner} is the nesting of the next object within it, -1 when there is none. */
    int lastOf(int inner) {
        return (inner < 0 ? count : bases[inner]) - 1;
    }

    int start(int name) {
        return starts[name];
    }

    int end(int name) {
        return ends[name];
    }

    private int unusual(byte[] bytes, int start) {
        int end = JsonStrings.end(bytes, start);
        if (end < 0) {
            return end;
        }
        int length = end - 1 - start;
        if (escaped(bytes, start, end - 1)) {
            ensureText(length);
            int plain = JsonStrings.unescape(bytes, start, end - 1, first);
            Arrays.fill(first, plain, plain + 8, (byte) 0);
            add(hash(first, 0, plain), start, end - 1);
        } else {
            add(hash(bytes, start, length), start, end - 1);
        }
        return end;
    }

    private long hash(byte[] bytes, int start, int length) {
        long hash = seed;
        int at = start;
        for (int rest = length; rest >= 8; rest -= 8) {
            hash = mix(hash ^ (long) JsonText.WORD.get(bytes, at));
            at += 8;
        }
        int rest = (length & 7) << 3;
        return finish(hash, rest == 0 ? 0 : (long) JsonText.WORD.get(bytes, at) & -1L >>> 64 - rest, length);
    }

    private long finish(long hash, long rest, int length) {
        return mix(mix(hash ^ rest) + length);
    }

    /** Both halves of the 128-bit product, folded. */
    private long mix(long value) {
        return value * factor ^ Math.unsignedMultiplyHigh(value, factor);
    }

    private void add(long hash, int start, int end) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        hashes[count] = hash;
        starts[count] = start;
        ends[count] = end;
        count++;
    }

    private boolean inserted(byte[] bytes, int depth, int base, int last) {
        int members = last - base;
        int[] table = members == SEARCHED_MAX || tables[depth] == null ? NO_TABLE : tables[depth];
        if (members * 2 >= table.length) {
            table = new int[Math.max(4 * SEARCHED_MAX, table.length * 2)];
            tables[depth] = table;
            for (int i = base; i < last; i++) {
                insert(bytes, table, base, i);
            }
        }
        return insert(bytes, table, base, last);
    }

    /** Puts a name into the table; true when an equal one is there. */
    private boolean insert(byte[] bytes, int[] table, int base, int name) {
        long hash = hashes[name];
        int slot = (int) (hash >>> 32) & table.length - 1;
        while (table[slot] != 0) {
            int other = base + table[slot] - 1;
            if (hashes[other] == hash && same(bytes, other, name)) {
                return true;
            }
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = name - base + 1;
        return false;
    }

    private boolean same(byte[] bytes, int left, int right) {
        if (Arrays.equals(bytes, starts[left], ends[left], bytes, starts[right], ends[right])) {
            return true;
        }
        if (!escaped(bytes, starts[left], ends[left]) && !escaped(bytes, starts[right], ends[right])) {
            return false;
        }
        ensureText(Math.max(ends[left] - starts[left], ends[right] - starts[right]));
        int leftLength = JsonStrings.unescape(bytes, starts[left], ends[left], first);
        int rightLength = JsonStrings.unescape(bytes, starts[right], ends[right], second);
        return Arrays.equals(first, 0, leftLength, second, 0, rightLength);
    }

    private static boolean escaped(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private void ensureText(int length) {
        if (first.length < length + 8) {
            first = new byte[length * 2 + 8];
            second = new byte[length * 2 + 8];
        }
    }
}
