package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.bytes;
import static dev.sallyport.gateway.inspect.image.Fixtures.defect;
import static dev.sallyport.gateway.inspect.image.Fixtures.inserted;
import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static dev.sallyport.gateway.inspect.image.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GifReaderTest {
    /** No table of colours, one image of 1 x 1. */
    private static final byte[] HEADER = joined(latin("GIF89a"), new byte[]{1, 0, 1, 0, 0, 0, 0});
    private static final byte[] IMAGE = new byte[]{0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0};
    private static final byte[] TRAILER = new byte[]{0x3b};
    private static final int IMAGE_AT = HEADER.length;
    private static final int CODE_SIZE_AT = IMAGE_AT + 10;

    @Test
    void readsTheSmallest() {
        assertThat(Fixtures.read(gif(IMAGE))).isEqualTo(new Picture(ImageFormat.GIF, 1, 1, 1, 8, 1, false));
    }

    @Test
    void countsEveryImage() {
        byte[][] images = new byte[11][];
        Arrays.fill(images, IMAGE);

        assertThat(Fixtures.picture(gif(Arrays.copyOf(images, 10))).frames()).isEqualTo(10);
        Defect defect = defect(gif(images));
        assertThat(defect.kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
        assertThat(defect.offset()).isEqualTo(HEADER.length + 10L * IMAGE.length);
    }

    @Test
    void refusesABombThatIsSmallOnTheWire() {
        assertThat(defect(with(gif(IMAGE), 6, 0xff, 0xff, 0xff, 0xff)).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
    }

    /** Decoders draw on a canvas that every image fits on, whatever the header says. */
    @Test
    void countsTheCanvasThatAnImageBesideItNeeds() {
        byte[] beside = with(gif(IMAGE), IMAGE_AT + 1, 99, 0, 49, 0);

        assertThat(Fixtures.picture(beside)).isEqualTo(new Picture(ImageFormat.GIF, 100, 50, 1, 8, 5_000, false));
        assertThat(defect(with(gif(IMAGE), IMAGE_AT + 5, 0xff, 0xff, 0xff, 0xff)).kind())
                .isEqualTo(Kind.TOO_MANY_PIXELS);
        Defect animated = defect(gif(IMAGE, with(IMAGE, 1, 0, 0xff, 0, 0xff)), new PictureLimits(4_000_000_000L, 2));
        assertThat(animated.kind()).as("both frames on the larger canvas").isEqualTo(Kind.TOO_MANY_PIXELS);
    }

    @Test
    void refusesWhatIsNoImage() {
        assertMalformed(gif());
        assertMalformed(with(gif(IMAGE), IMAGE_AT + 5, 0, 0));
        assertMalformed(with(gif(IMAGE), IMAGE_AT + 7, 0, 0));
        assertMalformed(with(gif(IMAGE), CODE_SIZE_AT, 0));
        assertMalformed(with(gif(IMAGE), CODE_SIZE_AT, 12));
        assertMalformed(gif(Arrays.copyOf(IMAGE, 11), new byte[]{0}));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x20, 0x22, 0x3c, 0xff})
    void refusesAByteThatBeginsNoBlock(int octet) {
        assertMalformed(gif(IMAGE, new byte[]{(byte) octet, 0}));
    }

    @Test
    void refusesAControlExtensionOfAnotherLength() {
        byte[] control = {0x21, (byte) 0xf9, 4, 0, 0, 0, 0, 0};
        assertThat(Fixtures.read(gif(control, IMAGE))).isInstanceOf(Picture.class);
        assertMalformed(gif(new byte[]{0x21, (byte) 0xf9, 3, 0, 0, 0, 0}, IMAGE));
        assertMalformed(gif(new byte[]{0x21, (byte) 0xf9, 0}, IMAGE));
        assertMalformed(gif(new byte[]{0x21, (byte) 0xf9, 2, 0, 0, 2, 0, 0, 0}, IMAGE));
    }

    @Test
    void boundsTheNumberOfExtensions() {
        byte[][] comments = new byte[Tally.PARTS_MAX + 1][];
        Arrays.fill(comments, new byte[]{0x21, (byte) 0xfe, 0});

        assertThat(defect(gif(joined(comments), IMAGE)).kind()).isEqualTo(Kind.TOO_MANY_PARTS);
        assertThat(Fixtures.read(gif(joined(Arrays.copyOf(comments, Tally.PARTS_MAX)), IMAGE)))
                .isInstanceOf(Picture.class);
    }

    /** The trailer ends the picture, also where more blocks follow. */
    @Test
    void refusesASecondPictureBehindTheTrailer() {
        assertThat(defect(joined(gif(IMAGE), IMAGE, TRAILER)).kind()).isEqualTo(Kind.TRAILING_DATA);
        assertThat(defect(joined(gif(IMAGE), gif(IMAGE))).kind()).isEqualTo(Kind.SECOND_FORMAT);
    }

    /** XMP lies raw in a GIF, with 258 bytes behind it that lead readers of sub-blocks out (XMP, part 3, section 1.1.2). */
    @Test
    void stepsOverXmp() {
        byte[] trailer = new byte[258];
        trailer[0] = 1;
        for (int i = 1; i < 257; i++) {
            trailer[i] = (byte) (256 - i);
        }
        byte[] xmp = joined(latin("!\u00ff\u000bXMP DataXMP"),
                latin("<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'/>"), trailer);
        byte[] body = gif(xmp, IMAGE);

        assertThat(Fixtures.picture(body).metadata()).isTrue();
    }

    @Test
    void keepsHowOftenAnAnimationRuns() {
        byte[] animated = bytes("24x16-3-5-animated.gif");
        assertThat(Fixtures.picture(animated).metadata()).isFalse();
        byte[] hidden = joined(latin("!\u00ff\u000bNETSCAPE2.0\u0003\u0001\0\0\u0003abc\0"));
        assertThat(Fixtures.picture(gif(hidden, IMAGE)).metadata()).as("more than the rounds").isTrue();
    }

    @Test
    void refusesAColourTableThatIsCutOff() {
        byte[] cut = with(joined(HEADER, new byte[767]), 10, 0x87);
        assertThat(defect(cut).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(Fixtures.read(inserted(with(gif(IMAGE), 10, 0x87), 13, new byte[768]))).isInstanceOf(Picture.class);
    }

    private static byte[] gif(byte[]... blocks) {
        return joined(HEADER, joined(blocks), TRAILER);
    }

    private static void assertMalformed(byte[] body) {
        Defect defect = defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.MALFORMED);
    }
}
