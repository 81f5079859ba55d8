package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.bytes;
import static dev.sallyport.gateway.inspect.image.Fixtures.defect;
import static dev.sallyport.gateway.inspect.image.Fixtures.inserted;
import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static dev.sallyport.gateway.inspect.image.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PngReaderTest {
    private static final byte[] PNG = bytes("24x16-1-24-rgb.png");
    private static final byte[] ANIMATED = bytes("24x16-3-24-animated.png");
    private static final int WIDTH_AT = 16;
    private static final int DEPTH_AT = 24;
    private static final int FIRST_CHUNK_AT = PngReader.HEADER_END;
    private static final int END_AT = PNG.length - 12;

    @ParameterizedTest
    @CsvSource({"65535, 65535, 4294836225", "2147483647, 2147483647, 2147483647", "50000, 50000, 50000",
        "1, 50000001, 50000001"})
    void refusesABombThatIsSmallOnTheWire(long width, long height, String named) {
        byte[] bomb = Chunks.checked(joined(Arrays.copyOf(PNG, WIDTH_AT), Chunks.big32(width), Chunks.big32(height),
                Arrays.copyOfRange(PNG, DEPTH_AT, PNG.length)));

        Defect defect = defect(bomb);

        assertThat(bomb).hasSize(PNG.length);
        assertThat(defect.kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect.text()).contains("50000000", String.valueOf(width));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x8000_0000L, 0xffff_ffffL})
    void refusesASideThatDoesNotExist(long side) {
        assertMalformed(Chunks.checked(joined(Arrays.copyOf(PNG, WIDTH_AT), Chunks.big32(side),
                Arrays.copyOfRange(PNG, WIDTH_AT + 4, PNG.length))));
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "3, 0", "4, 2", "16, 3", "1, 2", "8, 1", "8, 5", "8, 7", "8, 255", "32, 0", "255, 6"})
    void refusesADepthThatItsColourTypeDoesNotHave(int depth, int colourType) {
        assertMalformed(Chunks.checked(with(PNG, DEPTH_AT, depth, colourType)));
    }

    @ParameterizedTest
    @ValueSource(ints = {26, 27, 28})
    void refusesAMethodThatDoesNotExist(int at) {
        assertMalformed(Chunks.checked(with(PNG, at, 2)));
    }

    @Test
    void refusesAnyWrongChecksum() {
        for (int at = FIRST_CHUNK_AT - 4; at < PNG.length; at++) {
            assertThat(defect(with(PNG, at, PNG[at] ^ 1)).kind()).isIn(Kind.MALFORMED, Kind.TRUNCATED);
        }
    }

    @Test
    void refusesALengthBeyondWhatExists() {
        assertThat(defect(with(PNG, FIRST_CHUNK_AT, 0x7f, 0xff, 0xff, 0xff)).kind()).isEqualTo(Kind.TRUNCATED);
        assertMalformed(with(PNG, FIRST_CHUNK_AT, 0xff, 0xff, 0xff, 0xff));
        assertMalformed(with(PNG, FIRST_CHUNK_AT, 0x80, 0, 0, 0));
    }

    @Test
    void refusesChunksOutOfOrder() {
        byte[] palette = Chunks.png("PLTE", new byte[6]);
        byte[] pixels = Chunks.png("IDAT", new byte[5]);
        byte[] transparency = Chunks.png("tRNS", new byte[6]);
        assertMalformed(inserted(PNG, 8, Chunks.png("gAMA", new byte[4])));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, Arrays.copyOfRange(PNG, 8, FIRST_CHUNK_AT)));
        assertMalformed(inserted(PNG, END_AT, palette));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, joined(palette, palette)));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, joined(transparency, palette)));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, joined(transparency, transparency)));
        assertMalformed(inserted(PNG, END_AT, transparency));
        assertMalformed(inserted(PNG, END_AT, joined(Chunks.png("tIME", new byte[7]), pixels)));
        assertThat(Fixtures.read(inserted(PNG, END_AT, pixels))).isInstanceOf(Picture.class);
        assertThat(Fixtures.read(inserted(PNG, FIRST_CHUNK_AT, joined(palette, transparency))))
                .isInstanceOf(Picture.class);
    }

    @Test
    void refusesAPaletteThatDoesNotFitItsPicture() {
        byte[] indexed = bytes("24x16-1-4-palette.png");
        byte[] grey = bytes("24x16-1-8-grey.png");
        byte[] header = Arrays.copyOf(indexed, FIRST_CHUNK_AT);
        byte[] pixels = Chunks.png("IDAT", new byte[]{0x78, (byte) 0x9c, 0, 0});
        byte[] end = Chunks.png("IEND", new byte[0]);
        assertThat(Fixtures.read(joined(header, Chunks.png("PLTE", new byte[48]), pixels, end)))
                .isInstanceOf(Picture.class);
        assertMalformed(joined(header, Chunks.png("PLTE", new byte[51]), pixels, end));
        assertMalformed(joined(header, Chunks.png("PLTE", new byte[47]), pixels, end));
        assertMalformed(joined(header, Chunks.png("PLTE", new byte[0]), pixels, end));
        assertMalformed(joined(header, pixels, end));
        assertMalformed(inserted(grey, FIRST_CHUNK_AT, Chunks.png("PLTE", new byte[6])));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, Chunks.png("PLTE", new byte[771])));
    }

    @Test
    void refusesAChunkThatReadersMustKnowAndDoNot() {
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, Chunks.png("ABCD", new byte[1])));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, Chunks.png("abcd", new byte[1])));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, Chunks.png("a\0Cd", new byte[1])));
        assertMalformed(inserted(PNG, 8, Chunks.png("CgBI", new byte[4])));
        assertThat(Fixtures.read(inserted(PNG, FIRST_CHUNK_AT, Chunks.png("abCd", new byte[1]))))
                .isInstanceOf(Picture.class);
    }

    @Test
    void refusesPixelsThatAreNotThere() {
        byte[] header = Arrays.copyOf(PNG, FIRST_CHUNK_AT);
        assertMalformed(joined(header, Chunks.png("IEND", new byte[0])));
        assertMalformed(joined(header, Chunks.png("IDAT", latin("no zlib")), Chunks.png("IEND", new byte[0])));
        assertMalformed(joined(Arrays.copyOf(PNG, END_AT), Chunks.png("IEND", new byte[1])));
    }

    @Test
    void countsFramesBeforeAnyIsRead() {
        byte[] many = ANIMATED.clone();
        many[FIRST_CHUNK_AT + 8 + 2] = 0x7f;

        Defect defect = defect(Chunks.checked(many));

        assertThat(defect.kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
        assertThat(defect.text()).contains("10");
        assertThat(defect(ANIMATED, new PictureLimits(1_000_000, 1)).kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
    }

    @Test
    void refusesAnAnimationThatSaysAnotherNumberOfFrames() {
        for (int frames : new int[]{0, 1, 2, 4, 5}) {
            assertMalformed(Chunks.checked(with(ANIMATED, FIRST_CHUNK_AT + 11, frames)));
        }
        assertMalformed(Chunks.checked(with(ANIMATED, FIRST_CHUNK_AT + 8, 0x80)));
    }

    @Test
    void refusesFramesOffTheCanvasOrOutOfTurn() {
        int firstControl = FIRST_CHUNK_AT + 20;
        int secondControl = new String(ANIMATED, StandardCharsets.ISO_8859_1).indexOf("fcTL", firstControl + 8) - 4;
        assertMalformed(Chunks.checked(with(ANIMATED, secondControl + 12 + 3, 25)));
        assertMalformed(Chunks.checked(with(ANIMATED, secondControl + 20, 0xff, 0xff, 0xff, 0xff)));
        assertMalformed(Chunks.checked(with(ANIMATED, secondControl + 11, 7)));
        assertMalformed(Chunks.checked(with(ANIMATED, firstControl + 12 + 3, 23)));
        assertMalformed(inserted(PNG, FIRST_CHUNK_AT, Chunks.png("fcTL", new byte[26])));
        assertMalformed(inserted(PNG, END_AT, Chunks.png("fdAT", new byte[26])));
        assertMalformed(inserted(PNG, END_AT, Chunks.png("acTL", new byte[]{0, 0, 0, 1, 0, 0, 0, 0})));
    }

    @Test
    void boundsTheNumberOfChunksThatHoldNoPixels() {
        byte[][] chunks = new byte[Tally.PARTS_MAX][];
        Arrays.fill(chunks, Chunks.png("abCd", new byte[0]));
        byte[] most = joined(chunks);

        assertThat(Fixtures.read(inserted(PNG, FIRST_CHUNK_AT, most))).isInstanceOf(Picture.class);
        assertThat(defect(inserted(PNG, FIRST_CHUNK_AT, joined(most, Chunks.png("abCd", new byte[0])))).kind())
                .isEqualTo(Kind.TOO_MANY_PARTS);
    }

    private static void assertMalformed(byte[] body) {
        Defect defect = defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.MALFORMED);
    }
}
