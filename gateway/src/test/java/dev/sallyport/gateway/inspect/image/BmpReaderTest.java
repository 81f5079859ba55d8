package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.bytes;
import static dev.sallyport.gateway.inspect.image.Fixtures.defect;
import static dev.sallyport.gateway.inspect.image.Fixtures.inserted;
import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static dev.sallyport.gateway.inspect.image.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BmpReaderTest {
    private static final byte[] BMP = bytes("24x16-1-24-rgb.bmp");
    private static final int SIZE_AT = 2;
    private static final int OFFSET_AT = 10;
    private static final int WIDTH_AT = 18;
    private static final int HEIGHT_AT = 22;
    private static final int BITS_AT = 28;
    private static final int COMPRESSION_AT = 30;

    @ParameterizedTest
    @CsvSource({"2147483647, 2147483647", "65535, 65535", "2147483647, -2147483648", "1, -2147483648"})
    void refusesABombThatIsSmallOnTheWire(int width, int height) {
        byte[] body = number(number(BMP, WIDTH_AT, width), HEIGHT_AT, height);

        assertThat(defect(body).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect(body, new PictureLimits(Long.MAX_VALUE, 1)).kind()).as("no room for its pixels")
                .isEqualTo(Kind.TRUNCATED);
    }

    @Test
    void refusesASideThatDoesNotExist() {
        assertMalformed(number(BMP, WIDTH_AT, 0));
        assertMalformed(number(BMP, WIDTH_AT, -24));
        assertMalformed(number(BMP, HEIGHT_AT, 0));
    }

    @Test
    void refusesASizeThatIsNotExact() {
        assertThat(defect(number(BMP, SIZE_AT, BMP.length + 1)).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(number(BMP, SIZE_AT, -1)).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(number(BMP, SIZE_AT, BMP.length - 1)).kind()).isEqualTo(Kind.TRAILING_DATA);
        assertMalformed(number(BMP, SIZE_AT, 0));
        assertMalformed(number(BMP, SIZE_AT, 53));
    }

    /** The reserved fields are where a script would hide the picture from its reader. */
    @Test
    void refusesReservedFieldsThatAreUsed() {
        assertMalformed(with(BMP, 6, '/', '*'));
    }

    @Test
    void allowsALittlePaddingBehindThePixelsAndNoData() {
        byte[] padded = joined(BMP, new byte[2]);
        assertThat(Fixtures.read(number(padded, SIZE_AT, padded.length))).isInstanceOf(Picture.class);
        byte[] more = joined(BMP, new byte[4]);
        assertThat(defect(number(more, SIZE_AT, more.length)).kind()).isEqualTo(Kind.TRAILING_DATA);
        byte[] data = joined(BMP, new byte[]{0, 1});
        assertThat(defect(number(data, SIZE_AT, data.length)).kind()).isEqualTo(Kind.TRAILING_DATA);
        byte[] archive = joined(BMP, latin("PK\u0003\u0004 and the rest of it"));
        assertThat(defect(number(archive, SIZE_AT, archive.length)).kind()).isEqualTo(Kind.SECOND_FORMAT);
    }

    @Test
    void refusesDataBetweenHeaderAndPixels() {
        byte[] gap = inserted(BMP, 54, new byte[100]);
        assertMalformed(number(number(gap, SIZE_AT, gap.length), OFFSET_AT, 154));
        assertMalformed(number(BMP, OFFSET_AT, 53));
        assertMalformed(number(BMP, OFFSET_AT, -1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7, 48, 64, 65_535})
    void refusesBitsThatDoNotExist(int bits) {
        assertMalformed(with(BMP, BITS_AT, bits, bits >>> 8));
        assertMalformed(with(BMP, BITS_AT - 2, 2));
    }

    @ParameterizedTest
    @CsvSource({"1, MALFORMED", "2, MALFORMED", "3, MALFORMED", "6, MALFORMED", "4, UNSUPPORTED", "5, UNSUPPORTED",
        "7, UNSUPPORTED",
        "-1, UNSUPPORTED"})
    void refusesACompressionThatDoesNotGoWithTheRest(int compression, Kind kind) {
        assertThat(defect(number(BMP, COMPRESSION_AT, compression)).kind()).isEqualTo(kind);
    }

    @Test
    void readsRunsWhoseLengthTheHeaderSays() {
        byte[] grey = bytes("24x16-1-8-grey.bmp");
        byte[] runs = number(grey, COMPRESSION_AT, 1);
        assertThat(Fixtures.read(runs)).isInstanceOf(Picture.class);
        assertMalformed(number(runs, 34, 0));
        assertThat(defect(number(runs, 34, 24 * 16 + 1)).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(number(runs, 34, 24 * 16 - 5)).kind()).isEqualTo(Kind.TRAILING_DATA);
        assertMalformed(number(runs, HEIGHT_AT, -16));
    }

    @Test
    void readsTheHeaderOfOs2() {
        byte[] rows = new byte[72 * 16];
        byte[] core = joined(latin("BM"), Chunks.little32(26 + rows.length), new byte[4], Chunks.little32(26),
                Chunks.little32(12),
                Chunks.little16(24), Chunks.little16(16), Chunks.little16(1), Chunks.little16(24), rows);
        assertThat(Fixtures.picture(core).pixels()).isEqualTo(24 * 16);
        assertThat(defect(with(core, 14, 16)).kind()).isEqualTo(Kind.UNSUPPORTED);
    }

    @Test
    void readsAColourProfileBehindThePixels() {
        byte[] profile = latin("a profile");
        byte[] header = with(new byte[124], 0, 124, 0, 0, 0, 24, 0, 0, 0, 16, 0, 0, 0, 1, 0, 24);
        System.arraycopy(latin("DEBM"), 0, header, 56, 4);
        header[112] = (byte) (124 + 72 * 16);
        header[113] = (byte) (124 + 72 * 16 >>> 8);
        header[116] = (byte) profile.length;
        byte[] body = joined(latin("BM"), Chunks.little32(138 + 72 * 16 + profile.length), new byte[4],
                Chunks.little32(138), header,
                new byte[72 * 16], profile);

        assertThat(Fixtures.read(body)).isInstanceOf(Picture.class);
        assertMalformed(with(body, 14 + 112, 0, 0));
        assertMalformed(with(body, 14 + 116, 10));
        byte[] linked = body.clone();
        System.arraycopy(latin("KNIL"), 0, linked, 14 + 56, 4);
        assertThat(defect(linked).kind()).as("a path for the decoder to open").isEqualTo(Kind.UNSUPPORTED);
    }

    private static byte[] number(byte[] body, int at, long value) {
        return with(body, at, (int) value & 0xff, (int) (value >>> 8) & 0xff, (int) (value >>> 16) & 0xff,
                (int) (value >>> 24));
    }

    private static void assertMalformed(byte[] body) {
        Defect defect = defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.MALFORMED);
    }
}
