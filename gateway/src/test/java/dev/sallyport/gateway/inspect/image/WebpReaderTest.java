package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.bytes;
import static dev.sallyport.gateway.inspect.image.Fixtures.defect;
import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static dev.sallyport.gateway.inspect.image.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebpReaderTest {
    private static final byte[] LOSSY = bytes("24x16-1-24-lossy.webp");
    private static final byte[] LOSSLESS = bytes("24x16-1-24-lossless.webp");
    private static final byte[] ANIMATED = bytes("24x16-3-24-animated.webp");
    private static final byte[] CODED = Arrays.copyOfRange(LOSSLESS, 12, LOSSLESS.length);
    private static final byte[] CANVAS = {0, 0, 0, 0, 23, 0, 0, 15, 0, 0};
    private static final int DATA_AT = 20;

    @Test
    void refusesBombsThatAreSmallOnTheWire() {
        byte[] canvas = with(CANVAS, 4, 0xfe, 0xff, 0, 0xfe, 0xff, 0);
        assertThat(defect(webp(Chunks.webp("VP8X", canvas), CODED)).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect(with(LOSSY, DATA_AT + 6, 0xff, 0x3f, 0xff, 0x3f)).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect(with(LOSSLESS, DATA_AT + 1, 0xff, 0xff, 0xff, 0x0f)).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertMalformed(webp(Chunks.webp("VP8X", with(CANVAS, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)), CODED));
    }

    /** What one decoder takes for the size, another reads from the coded image. */
    @Test
    void refusesACanvasThatTheImageDoesNotFill() {
        assertThat(Fixtures.read(webp(Chunks.webp("VP8X", CANVAS), CODED))).isInstanceOf(Picture.class);
        assertMalformed(webp(Chunks.webp("VP8X", with(CANVAS, 4, 24)), CODED));
        assertMalformed(webp(Chunks.webp("VP8X", with(CANVAS, 7, 14)), CODED));
    }

    @Test
    void refusesASizeThatIsNotExact() {
        assertThat(defect(with(LOSSY, 4, LOSSY.length - 8 + 2)).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(defect(with(LOSSY, 4, LOSSY.length - 8 - 2)).kind()).isEqualTo(Kind.MALFORMED);
        assertMalformed(with(LOSSY, 4, LOSSY.length - 8 - 1));
        assertMalformed(with(LOSSY, 4, 0, 0, 0, 0));
        assertThat(defect(with(LOSSY, 4, 0xfe, 0xff, 0xff, 0xff)).kind()).isEqualTo(Kind.TRUNCATED);
        assertMalformed(with(LOSSY, 16, 0xff, 0xff, 0xff, 0xff));
    }

    @Test
    void refusesPaddingThatIsData() {
        byte[] odd = webp(Chunks.webp("VP8X", CANVAS), CODED, Chunks.webp("abcd", new byte[3]));
        assertThat(Fixtures.read(odd)).isInstanceOf(Picture.class);
        assertMalformed(with(odd, odd.length - 1, 1));
    }

    @Test
    void refusesAnythingBehindAnImageWithoutExtendedHeader() {
        assertThat(defect(Chunks.riff(joined(LOSSY, Chunks.webp("EXIF", new byte[4])))).kind())
                .isEqualTo(Kind.TRAILING_DATA);
    }

    @Test
    void refusesChunksOutOfOrder() {
        byte[] extended = Chunks.webp("VP8X", CANVAS);
        assertMalformed(webp(Chunks.webp("EXIF", new byte[4]), CODED));
        assertMalformed(webp(extended, extended, CODED));
        assertMalformed(webp(extended, CODED, CODED));
        assertMalformed(webp(extended, CODED, Chunks.webp("ALPH", new byte[2])));
        assertMalformed(webp(extended, Chunks.webp("ANIM", new byte[6]), CODED));
        assertMalformed(webp(extended));
        assertMalformed(webp(Chunks.webp("VP8X", new byte[12]), CODED));
        assertMalformed(webp(extended, CODED, new byte[]{'a', 'b', 'c', 'd'}));
    }

    @Test
    void refusesWhatIsNoCodedImage() {
        assertMalformed(with(LOSSY, DATA_AT, LOSSY[DATA_AT] | 1)); // no key frame
        assertMalformed(with(LOSSY, DATA_AT, LOSSY[DATA_AT] & ~16)); // not shown
        assertMalformed(with(LOSSY, DATA_AT, LOSSY[DATA_AT] | 14)); // version
        assertMalformed(with(LOSSY, DATA_AT + 2, 0xff)); // longer first partition than there is
        assertMalformed(with(LOSSY, DATA_AT + 3, 0));
        assertMalformed(with(LOSSY, DATA_AT + 6, 0, 0));
        assertMalformed(with(LOSSLESS, DATA_AT, 0x2e));
        assertMalformed(with(LOSSLESS, DATA_AT + 4, LOSSLESS[DATA_AT + 4] | 0x20));
        assertMalformed(webp(Chunks.webp("VP8 ", new byte[4])));
        assertMalformed(webp(Chunks.webp("VP8L", new byte[4])));
    }

    @Test
    void refusesFramesOffTheCanvasOrWithoutAnImage() {
        byte[] head = joined(Chunks.webp("VP8X", with(CANVAS, 0, 2)), Chunks.webp("ANIM", new byte[6]));
        byte[] place = {0, 0, 0, 0, 0, 0, 23, 0, 0, 15, 0, 0, 50, 0, 0, 0};
        assertThat(Fixtures.read(webp(head, Chunks.webp("ANMF", joined(place, CODED))))).isInstanceOf(Picture.class);
        assertMalformed(webp(head, Chunks.webp("ANMF", joined(with(place, 0, 1), CODED))));
        assertMalformed(webp(head, Chunks.webp("ANMF", joined(with(place, 3, 1), CODED))));
        assertMalformed(webp(head, Chunks.webp("ANMF", joined(with(place, 6, 22), CODED))));
        assertMalformed(webp(head, Chunks.webp("ANMF", place)));
        assertMalformed(webp(head, Chunks.webp("ANMF", joined(place, CODED, CODED))));
        assertMalformed(webp(head, Chunks.webp("ANMF", joined(place, CODED, Chunks.webp("ALPH", new byte[2])))));
        assertMalformed(
                webp(head, Chunks.webp("ANMF", joined(place, Chunks.webp("ANMF", joined(place, CODED)), CODED))));
        assertMalformed(webp(head, Chunks.webp("ANMF", new byte[15])));
        assertMalformed(webp(head, CODED));
        assertMalformed(webp(head));
        assertMalformed(webp(Chunks.webp("VP8X", with(CANVAS, 0, 2)), Chunks.webp("ANMF", joined(place, CODED))));
    }

    @Test
    void takesMetadataOutOfTheFramesToo() {
        byte[] head = joined(Chunks.webp("VP8X", with(CANVAS, 0, 2)), Chunks.webp("ANIM", new byte[6]));
        byte[] place = {0, 0, 0, 0, 0, 0, 23, 0, 0, 15, 0, 0, 50, 0, 0, 0};
        byte[] clean = webp(head, Chunks.webp("ANMF", joined(place, CODED)));
        byte[] body = webp(head, Chunks.webp("ANMF", joined(place, Chunks.webp("note", latin("garden")), CODED)));

        assertThat(Fixtures.picture(body).metadata()).isTrue();
        assertThat(PictureStripperTest.stripped(body)).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void countsFrames(int frames) {
        assertThat(defect(ANIMATED, new PictureLimits(1_000_000, frames)).kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
    }

    @Test
    void boundsTheNumberOfChunks() {
        byte[][] chunks = new byte[Tally.PARTS_MAX + 1][];
        Arrays.fill(chunks, Chunks.webp("abcd", new byte[0]));
        assertThat(defect(webp(Chunks.webp("VP8X", CANVAS), CODED, joined(chunks))).kind())
                .isEqualTo(Kind.TOO_MANY_PARTS);
    }

    private static byte[] webp(byte[]... chunks) {
        return Chunks.riff(joined(latin("RIFF\0\0\0\0WEBP"), joined(chunks)));
    }

    private static void assertMalformed(byte[] body) {
        Defect defect = defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.MALFORMED);
    }
}
