package dev.sallyport.gateway.telemetry.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Writes the binary form of Protocol Buffers (encoding of proto3) into an array that grows. */
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int VARINT_BYTES_MAX = 10;

    private byte[] bytes;
    private int length;

    /** @param expected how many bytes to make room for */
    ProtobufWriter(int expected) {
        bytes = new byte[expected];
    }

    byte[] array() {
        return bytes;
    }

    /** How many bytes of {@link #array} are written. */
    int length() {
        return length;
    }

    /** Gives up everything from {@code position} on, which was the length once. */
    void rewind(int position) {
        length = position;
    }

    /** Begins a message in field {@code number}; what is written up to {@link #end} belongs to it. */
    int begin(int number) {
        tag(number, LENGTH_DELIMITED);
        return length;
    }

    /** Ends the message that {@link #begin} answered {@code begun} for: its length goes in front. */
    void end(int begun) {
        int size = length - begun;
        int prefix = varintBytes(size);
        room(prefix);
        System.arraycopy(bytes, begun, bytes, begun + prefix, size);
        length = begun;
        varint(size);
        length += size;
    }

    void text(int number, String value) {
        bytes(number, value.getBytes(UTF_8));
    }

    void bytes(int number, byte[] value) {
        tag(number, LENGTH_DELIMITED);
        varint(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /** The bytes that the hexadecimal {@code digits} spell. */
    void hexadecimal(int number, String digits) {
        tag(number, LENGTH_DELIMITED);
        int size = digits.length() / 2;
        varint(size);
        room(size);
        for (int i = 0; i < digits.length(); i += 2) {
            bytes[length++] =
                    (byte) (Character.digit(digits.charAt(i), 16) << 4 | Character.digit(digits.charAt(i + 1), 16));
        }
    }

    void number(int number, long value) {
        tag(number, VARINT);
        varint(value);
    }

    void fixed64(int number, long value) {
        tag(number, FIXED64);
        fixed(value, Long.BYTES);
    }

    void fixed32(int number, int value) {
        tag(number, FIXED32);
        fixed(value, Integer.BYTES);
    }

    private void fixed(long value, int size) {
        room(size);
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) (value >>> i * Byte.SIZE);
        }
    }

    private void tag(int number, int type) {
        varint((long) number << 3 | type);
    }

    private void varint(long value) {
        room(VARINT_BYTES_MAX);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private static int varintBytes(int value) {
        return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
