package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.bytes;
import static dev.sallyport.gateway.inspect.image.Fixtures.defect;
import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static dev.sallyport.gateway.inspect.image.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TiffReaderTest {
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final PictureLimits MANY = new PictureLimits(Long.MAX_VALUE, Integer.MAX_VALUE);

    @Test
    void readsTheSmallest() {
        assertThat(Fixtures.read(TiffBuilder.small().build()))
                .isEqualTo(new Picture(ImageFormat.TIFF, 4, 2, 1, 8, 8, false));
    }

    @ParameterizedTest
    @CsvSource({"65535, 65535", "4294967295, 4294967295", "4294967295, 1"})
    void refusesABombThatIsSmallOnTheWire(long width, long height) {
        byte[] body = TiffBuilder.small().field(256, LONG, 1, width).field(257, LONG, 1, height)
                .field(278, LONG, 1, height).build();

        Defect defect = defect(body);

        assertThat(defect.kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect.text()).contains("50000000");
    }

    /** The picture is small, but a decoder makes room for a whole tile. */
    @Test
    void refusesATileThatIsABomb() {
        TiffBuilder builder = TiffBuilder.small().without(279).field(322, LONG, 1, 65_520).field(323, LONG, 1, 65_520);
        byte[] body = builder.field(325, LONG, 1, 8).field(324, LONG, 1, builder.behindAt(0) - 8).build();

        assertThat(defect(body).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect(body).text()).contains("tile", "65520");
    }

    @Test
    void refusesDirectoriesThatLeadInACircle() {
        assertThat(defect(TiffBuilder.small().next(TiffBuilder.DIRECTORY_AT).build()).text()).contains("circle");
        TiffBuilder first = TiffBuilder.small();
        byte[] second = TiffBuilder.small().field(273, LONG, 1, first.behindAt(0) - 8).next(TiffBuilder.DIRECTORY_AT)
                .directory();
        byte[] body = first.next(first.behindAt(0)).behind(second).build();
        assertThat(defect(body, MANY).text()).contains("circle");
    }

    @Test
    void refusesFurtherDirectoriesThatLeadBack() {
        TiffBuilder builder = TiffBuilder.small();
        assertThat(defect(builder.field(330, LONG, 1, TiffBuilder.DIRECTORY_AT).build(), MANY).kind())
                .isEqualTo(Kind.TOO_MANY_PARTS);
        assertThat(defect(TiffBuilder.small().field(34_665, LONG, 1, TiffBuilder.DIRECTORY_AT).build(), MANY).kind())
                .isEqualTo(Kind.TOO_MANY_PARTS);
    }

    @Test
    void countsPagesAndTheImagesInFurtherDirectories() {
        TiffBuilder first = TiffBuilder.small();
        int at = first.behindAt(1);
        byte[] second = TiffBuilder.small().field(273, LONG, 1, at - 8).directory();
        byte[] body = first.field(330, LONG, 1, at).behind(second).build();

        assertThat(Fixtures.picture(body).frames()).isEqualTo(2);
        assertThat(Fixtures.picture(body).pixels()).isEqualTo(16);
        assertThat(defect(body, new PictureLimits(100, 1)).kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
        assertThat(defect(body, new PictureLimits(15, 2)).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
    }

    @Test
    void refusesWhatLiesOutside() {
        assertThat(defect(TiffBuilder.small().field(273, LONG, 1, 0xffff_ffffL).build()).kind())
                .isEqualTo(Kind.TRUNCATED);
        assertThat(defect(TiffBuilder.small().field(279, LONG, 1, 9).build()).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(TiffBuilder.small().field(279, LONG, 1, 0xffff_ffffL).build()).kind())
                .isEqualTo(Kind.TRUNCATED);
        assertThat(defect(TiffBuilder.small().field(270, 2, 0xffff_ffffL, 8).build()).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(TiffBuilder.small().field(270, 12, 0x2000_0001L, 8).build()).kind())
                .isEqualTo(Kind.TRUNCATED);
        assertThat(defect(TiffBuilder.small().next(0xffff_fff0L).build()).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(TiffBuilder.small().field(330, LONG, 1, 0xffff_fff0L).build()).kind())
                .isEqualTo(Kind.TRUNCATED);
        assertMalformed(TiffBuilder.small().field(273, LONG, 1, 0).build());
        assertMalformed(TiffBuilder.small().field(279, LONG, 1, 0).build());
    }

    @Test
    void refusesWhatNothingRefersTo() {
        byte[] behind = TiffBuilder.small().behind(latin("hidden data that is long enough")).build();
        Defect defect = defect(behind);
        assertThat(defect.kind()).isEqualTo(Kind.TRAILING_DATA);
        assertThat(defect.offset()).isEqualTo(behind.length - 31);
        TiffBuilder referred = TiffBuilder.small();
        int at = referred.behindAt(1);
        assertThat(Fixtures
                .picture(referred.field(270, 2, 31, at).behind(latin("hidden data that is long enough")).build())
                .metadata())
                .isTrue();
        assertThat(Fixtures.read(TiffBuilder.small().behind(new byte[15]).build())).isInstanceOf(Picture.class);
        assertThat(defect(TiffBuilder.small().behind(new byte[16]).build()).kind()).isEqualTo(Kind.TRAILING_DATA);
        assertThat(defect(TiffBuilder.small().behind(with(new byte[15], 14, 1)).build()).kind())
                .isEqualTo(Kind.TRAILING_DATA);
    }

    @Test
    void refusesTextThatIsAPage() {
        TiffBuilder builder = TiffBuilder.small();
        int at = builder.behindAt(1);
        byte[] body = builder.field(270, 2, 20, at).behind(latin("<script>x()</script>")).build();

        assertThat(defect(body).kind()).isEqualTo(Kind.SECOND_FORMAT);
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 257, 279})
    void refusesAnImageThatDoesNotSayWhatItIs(int tag) {
        assertMalformed(TiffBuilder.small().without(tag).build());
        assertMalformed(TiffBuilder.small().field(tag, LONG, 0, 8).build());
        assertMalformed(TiffBuilder.small().field(tag, 2, 1, 8).build());
        assertMalformed(TiffBuilder.small().field(tag, LONG, 1, 0).build());
    }

    @Test
    void refusesStripsThatDoNotCoverTheImage() {
        assertMalformed(TiffBuilder.small().field(278, SHORT, 1, 1).build());
        assertMalformed(TiffBuilder.small().field(278, SHORT, 1, 0).build());
        assertMalformed(TiffBuilder.small().field(284, SHORT, 1, 2).field(277, SHORT, 1, 3).build());
        assertThat(Fixtures.read(TiffBuilder.small().field(278, LONG, 1, 0xffff_ffffL).build()))
                .isInstanceOf(Picture.class);
    }

    @Test
    void refusesSamplesThatNoDecoderHasRoomFor() {
        assertThat(defect(TiffBuilder.small().field(277, SHORT, 1, 65).build()).kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(defect(TiffBuilder.small().field(277, SHORT, 1, 0).build()).kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(defect(TiffBuilder.small().field(258, SHORT, 1, 65).build()).kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(defect(TiffBuilder.small().field(258, SHORT, 1, 0).build()).kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(defect(TiffBuilder.small().field(259, SHORT, 1, 6).build()).kind()).isEqualTo(Kind.UNSUPPORTED);
    }

    /** A pixel of 64 samples of 64 bits needs as much memory as 64 usual ones. */
    @Test
    void countsWidePixelsMoreThanOnce() {
        byte[] wide = TiffBuilder.small().field(277, SHORT, 1, 13).field(258, SHORT, 1, 16).build();
        assertThat(Fixtures.picture(wide).bitsPerPixel()).isEqualTo(208);
        assertThat(Fixtures.picture(wide).pixels()).isEqualTo(4 * 2 * 4);
        assertThat(defect(wide, new PictureLimits(31, 1)).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        byte[] usual = TiffBuilder.small().field(277, SHORT, 1, 4).field(258, SHORT, 1, 16).build();
        assertThat(Fixtures.picture(usual).pixels()).isEqualTo(8);
    }

    /** What one reader takes first, another takes last. */
    @Test
    void refusesFieldsThatAreRepeated() {
        byte[] body = TiffBuilder.small().build();
        assertMalformed(with(body, TiffBuilder.DIRECTORY_AT + 2 + 12, 0, 1));
    }

    /** Each directory says little, but all refer to the same long list. */
    @Test
    void boundsTheWorkWhenPartsShareBytes() {
        TiffBuilder first = TiffBuilder.small();
        byte[] list = new byte[4 * 1_000];
        for (int i = 0; i < 1_000; i++) {
            System.arraycopy(Chunks.little32(8), 0, list, 4 * i, 4);
        }
        int at = first.behindAt(2);
        byte[] body = first.field(270, 7, list.length, at).field(271, 7, list.length, at).behind(list).build();

        assertThat(defect(body, MANY).kind()).isEqualTo(Kind.TOO_MANY_PARTS);
        assertThat(defect(body, MANY).text()).contains("share");
    }

    @Test
    void boundsTheFieldsOfADirectory() {
        byte[] body = joined(with(TiffBuilder.small().build(), TiffBuilder.DIRECTORY_AT, 0xe9, 3), new byte[12_100]);
        assertThat(defect(body).kind()).isEqualTo(Kind.TOO_MANY_PARTS);
        assertMalformed(with(TiffBuilder.small().build(), TiffBuilder.DIRECTORY_AT, 0, 0));
        assertMalformed(with(TiffBuilder.small().build(), 4, 0, 0, 0, 0));
        assertMalformed(with(TiffBuilder.small().build(), 4, 4));
    }

    @Test
    void refusesABigTiffWithNumbersBeyondWhatExists() {
        byte[] big = bytes("24x16-1-24-big.tif");
        assertMalformed(with(big, 4, 4));
        assertMalformed(with(big, 6, 1));
        for (int at = 8; at < big.length - 8; at++) {
            assertThat(Fixtures.read(with(big, at, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), MANY)).isNotNull();
            assertThat(Fixtures.read(with(big, at, 0, 0, 0, 0, 0, 0, 0, 0x80), MANY)).isNotNull();
        }
    }

    private static void assertMalformed(byte[] body) {
        Defect defect = defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.MALFORMED);
    }
}
