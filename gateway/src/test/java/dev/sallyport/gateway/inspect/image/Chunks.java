package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Parts of pictures, written as honest encoders write them. */
final class Chunks {
    private Chunks() {}

    static byte[] png(String type, byte[] data) {
        byte[] checked = joined(latin(type), data);
        CRC32 checksum = new CRC32();
        checksum.update(checked);
        return joined(big32(data.length), checked, big32(checksum.getValue()));
    }

    static byte[] jpeg(int marker, byte[] data) {
        return joined(new byte[]{(byte) 0xff, (byte) marker}, big16(data.length + 2), data);
    }

    static byte[] webp(String type, byte[] data) {
        return joined(latin(type), little32(data.length), data, new byte[data.length & 1]);
    }

    /** A copy of {@code webp} whose header says the size that it has. */
    static byte[] riff(byte[] webp) {
        byte[] sized = webp.clone();
        System.arraycopy(little32(webp.length - 8), 0, sized, 4, 4);
        return sized;
    }

    /** A copy of {@code body} whose checksums are right, if it is a PNG: so that changes are looked at which an attacker would sign. */
    static byte[] checked(byte[] body) {
        byte[] checked = body.clone();
        ByteBuffer numbers = ByteBuffer.wrap(checked);
        if (checked.length < 8 || numbers.getLong(0) != 0x89504e470d0a1a0aL) {
            return checked;
        }
        int at = 8;
        while (at <= checked.length - 12 && numbers.getInt(at) >= 0 && numbers.getInt(at) <= checked.length - 12 - at) {
            int count = numbers.getInt(at);
            CRC32 checksum = new CRC32();
            checksum.update(checked, at + 4, count + 4);
            numbers.putInt(at + 8 + count, (int) checksum.getValue());
            at += 12 + count;
        }
        return checked;
    }

    static byte[] big16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    static byte[] big32(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    static byte[] little16(int value) {
        return ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value).array();
    }

    static byte[] little32(long value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array();
    }
}
