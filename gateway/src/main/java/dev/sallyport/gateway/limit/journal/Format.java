package dev.sallyport.gateway.limit.journal;

/**
 * The layout of journal files and checkpoints, all numbers little-endian.
 *
 * <pre>
 * file         header (64 bytes), records, zeros
 * checkpoint   records, of which the last is END
 * record       length of the payload (4 bytes), CRC-32C of the payload (4), payload, zeros up to a multiple of 8
 * payload      type (1), then by type:
 *   DECLARE      index (4), window start (8), window end (8), account (the rest, UTF-8)
 *   RESERVE      id (8), deadline (8), then per entry: index (4), amount (8)
 *   SETTLE       id (8), then per entry of the reservation: amount (8)
 *   BEGIN        format (4), next number of an id (8), next sequence of a file (8)
 *   FOLDED       sequence of a file whose records this checkpoint contains (8)
 *   OPEN         id (8), deadline (8), entries (4); as many PART follow
 *   PART, TOTAL  amount (8), window start (8), window end (8), account (the rest, UTF-8)
 *   END          records before this one (8)
 * </pre>
 *
 * The word of length and CRC is written last and at once, so a record of which it is there is whole, unless the power failed.
 */
final class Format {
    static final byte DECLARE = 1;
    static final byte RESERVE = 2;
    static final byte SETTLE = 3;
    static final byte BEGIN = 4;
    static final byte FOLDED = 5;
    static final byte OPEN = 6;
    static final byte PART = 7;
    static final byte TOTAL = 8;
    static final byte END = 9;

    static final int VERSION = 1;
    static final int WORD_BYTES = 8;
    static final int ACCOUNT_BYTES_MAX = 4_000;
    static final int ENTRIES_MAX = 255;
    /** Of a payload; no type has a longer one. */
    static final int PAYLOAD_BYTES_MAX = 4_096;

    private Format() {}

    /** Bytes that a record takes whose payload has {@code payloadBytes}. */
    static int recordBytes(int payloadBytes) {
        return WORD_BYTES + (payloadBytes + WORD_BYTES - 1 & -WORD_BYTES);
    }

    static int declareBytes(int accountBytes) {
        return recordBytes(1 + 4 + 8 + 8 + accountBytes);
    }

    static int reserveBytes(int entries) {
        return recordBytes(1 + 8 + 8 + entries * 12);
    }

    static int settleBytes(int entries) {
        return recordBytes(1 + 8 + entries * 8);
    }
}
