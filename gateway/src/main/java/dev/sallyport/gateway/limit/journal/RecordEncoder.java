package dev.sallyport.gateway.limit.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Puts one record together, to be copied where it belongs; confined to one thread. */
final class RecordEncoder {
    private final byte[] bytes = new byte[Format.recordBytes(Format.PAYLOAD_BYTES_MAX)];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();

    RecordEncoder begin(byte type) {
        buffer.clear().position(Format.WORD_BYTES);
        buffer.put(type);
        return this;
    }

    RecordEncoder add(int number) {
        buffer.putInt(number);
        return this;
    }

    RecordEncoder add(long number) {
        buffer.putLong(number);
        return this;
    }

    RecordEncoder add(AccountWindow window) {
        return add(window.windowStartMillis()).add(window.windowEndMillis()).add(utf8(window.account()));
    }

    RecordEncoder add(byte[] text) {
        buffer.put(text);
        return this;
    }

    /** Ends the record; the word of length and CRC stands in front of it in {@link #bytes}. */
    int end() {
        int end = buffer.position();
        int payload = end - Format.WORD_BYTES;
        int total = Format.recordBytes(payload);
        Arrays.fill(bytes, end, total, (byte) 0);
        crc.reset();
        crc.update(bytes, Format.WORD_BYTES, payload);
        buffer.putLong(0, payload | crc.getValue() << 32);
        return total;
    }

    /** The word of length and CRC of the record that was ended last. */
    long word() {
        return buffer.getLong(0);
    }

    byte[] bytes() {
        return bytes;
    }

    /** @throws IllegalArgumentException when it is longer than an account may be */
    static byte[] utf8(String account) {
        byte[] text = account.getBytes(StandardCharsets.UTF_8);
        if (text.length > Format.ACCOUNT_BYTES_MAX) {
            throw new IllegalArgumentException("the account's name is longer than %d bytes: %s..."
                    .formatted(Format.ACCOUNT_BYTES_MAX, account.substring(0, 100)));
        }
        return text;
    }
}
