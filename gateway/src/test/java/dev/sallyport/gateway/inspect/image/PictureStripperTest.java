package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.AMPLE;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.StripOutcome.NotStrippable;
import dev.sallyport.gateway.inspect.image.StripOutcome.Stripped;
import dev.sallyport.gateway.inspect.image.StripOutcome.Unchanged;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureStripperTest {
    private static final String[] PRIVATE =
            {"garden", "somebody", "Example", "2026:01:02", "GPS", "xmpmeta", "8BIM", "Comment", "http:", "MPF",
                "II*\0"};

    @ParameterizedTest
    @MethodSource("withMetadata")
    void leavesNothingOfWhatTheMetadataSaid(String name) {
        byte[] body = Fixtures.bytes(name);
        String before = new String(body, StandardCharsets.ISO_8859_1);

        byte[] stripped = stripped(body);

        assertThat(new String(stripped, StandardCharsets.ISO_8859_1)).doesNotContain(PRIVATE);
        assertThat(stripped.length).isLessThan(body.length);
        assertThat(PRIVATE).as("what is searched for is there before").anyMatch(before::contains);
        assertThat(Fixtures.picture(stripped).metadata()).isFalse();
        assertThat(strip(stripped)).isInstanceOf(Unchanged.class);
    }

    @ParameterizedTest
    @MethodSource("withMetadata")
    void decodesToTheSamePixels(String name) throws IOException {
        if (Fixtures.format(name) == ImageFormat.WEBP) {
            return; // the JDK has no decoder; another test compares the coded bytes
        }
        byte[] body = Fixtures.bytes(name);

        List<int[]> before = pixels(body);
        List<int[]> after = pixels(stripped(body));

        assertThat(after).hasSameSizeAs(before).isNotEmpty();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
    }

    @Test
    void leavesTheCodedPixelsOfAWebpAsTheyAre() {
        byte[] body = Fixtures.bytes("24x16-1-24-metadata.webp");
        String before = new String(body, StandardCharsets.ISO_8859_1);
        int at = before.indexOf("VP8 ");
        String coded = before.substring(at, at + 8 + (body[at + 4] & 0xff));

        assertThat(new String(stripped(body), StandardCharsets.ISO_8859_1)).contains(coded);
    }

    /** What is put into an honest picture is taken out again, and nothing else. */
    @ParameterizedTest
    @MethodSource("withoutMetadata")
    void takesOutExactlyWhatWasPutIn(String name) {
        byte[] body = Fixtures.bytes(name);
        if (Fixtures.format(name) == ImageFormat.WEBP
                && !new String(body, 12, 4, StandardCharsets.ISO_8859_1).equals("VP8X")) {
            assertThat(strip(body)).isInstanceOf(Unchanged.class);
            return; // has no place for metadata
        }
        byte[] withMetadata = switch (Fixtures.format(name)) {
            case PNG -> Fixtures.inserted(body, PngReader.HEADER_END, Chunks.png("tEXt", latin("Comment\0a garden")));
            case JPEG -> Fixtures.inserted(body, 2, Chunks.jpeg(0xfe, latin("a garden")));
            case GIF -> Fixtures.inserted(body, body.length - 1, latin("!\u00fe\u0008a garden\0"));
            case WEBP -> Chunks.riff(Fixtures.joined(body, Chunks.webp("XMP ", latin("a garden"))));
            case BMP, TIFF -> throw new AssertionError(name);
        };
        assertThat(Fixtures.picture(withMetadata).metadata()).isTrue();

        assertThat(stripped(withMetadata)).isEqualTo(body);
        assertThat(strip(body)).isInstanceOf(Unchanged.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"24x16-1-24-metadata.png", "24x16-1-24-metadata.jpg", "24x16-1-24-metadata.webp"})
    void keepsWhichWayUpThePictureIsAndItsColourProfile(String name) {
        byte[] stripped = stripped(Fixtures.bytes(name));

        byte[] tag = {0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6};
        assertThat(new String(stripped, StandardCharsets.ISO_8859_1)).contains(
                new String(tag, StandardCharsets.ISO_8859_1),
                name.endsWith("png") ? "iCCP" : name.endsWith("jpg") ? "ICC_PROFILE" : "ICCP");
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true", "8, true", "0, false", "9, false", "65535, false"})
    void writesAnOrientationOnlyWhereItMatters(int orientation, boolean written) {
        byte[] exif = Fixtures.with(Exif.of(1), 18, orientation >>> 8, orientation);
        byte[] body = Fixtures.inserted(Fixtures.bytes("24x16-1-24-baseline.jpg"), 2,
                Fixtures.joined(Chunks.jpeg(0xe1, Fixtures.joined(Exif.NAME, exif)), Chunks.jpeg(0xfe, latin("x"))));

        byte[] stripped = stripped(body);

        assertThat(new String(stripped, StandardCharsets.ISO_8859_1).contains("Exif")).isEqualTo(written);
    }

    @Test
    void readsTheOrientationInBothByteOrdersAndOfNothingThatMakesNoSense() {
        assertThat(orientation(Exif.of(6))).isEqualTo(6);
        assertThat(orientation(Fixtures.joined(Exif.NAME, Exif.of(6)))).isEqualTo(6);
        assertThat(orientation(
                new byte[]{'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0}))
                .isEqualTo(6);
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            assertThat(orientation(Mutation.of(Exif.of(6), random))).isBetween(1, 8);
        }
    }

    @Test
    void dropsTheThumbnailOfAJfifSegment() {
        byte[] jfif = Fixtures.joined(latin("JFIF\0\u0001\u0001\0\0\u0001\0\u0001\u0001\u0001"), new byte[]{1, 2, 3});
        byte[] body = Fixtures.bytes("24x16-1-24-baseline.jpg");
        byte[] withThumbnail =
                Fixtures.joined(new byte[]{(byte) 0xff, (byte) 0xd8}, Chunks.jpeg(0xe0, jfif),
                        Arrays.copyOfRange(body, 20, body.length));

        assertThat(stripped(withThumbnail)).isEqualTo(body);
    }

    @Test
    void keepsTheFirstOfSeveralPictures() {
        byte[] body = Fixtures.bytes("24x16-2-24-multi-picture.jpg");

        Picture picture = Fixtures.picture(stripped(body));

        assertThat(picture.frames()).isEqualTo(1);
        assertThat(stripped(body)).isEqualTo(Fixtures.bytes("24x16-1-24-baseline.jpg"));
    }

    @Test
    void saysThatATiffWithMetadataCannotBeStripped() {
        assertThat(strip(Fixtures.bytes("24x16-1-24-metadata.tif"))).isEqualTo(new NotStrippable(ImageFormat.TIFF));
        assertThat(strip(Fixtures.bytes("24x16-1-24-rgb.tif"))).isInstanceOf(Unchanged.class);
        assertThat(strip(Fixtures.bytes("24x16-1-24-rgb.bmp"))).isInstanceOf(Unchanged.class);
    }

    @ParameterizedTest
    @MethodSource("withMetadata")
    void stripsABodyThatLiesInPieces(String name) {
        byte[] body = Fixtures.bytes(name);
        for (int pieceBytes : new int[]{1, 5, 64}) {
            ByteBuf pieces = Fixtures.pieces(body, pieceBytes);
            Stripped outcome = (Stripped) PictureStripper.strip(pieces, Fixtures.picture(body));
            assertThat(ByteBufUtil.getBytes(outcome.body())).isEqualTo(stripped(body));
            assertThat(pieces.readerIndex()).isEqualTo(3);
            outcome.body().release();
            pieces.release();
        }
    }

    /** Whatever was read as a picture can be stripped, and is the same picture then. */
    @ParameterizedTest
    @MethodSource("withMetadata")
    void whatReadsWellStripsWell(String name) {
        byte[] body = Fixtures.bytes(name);
        int pictures = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            byte[] mutated = Chunks.checked(Mutation.of(body, new Random(seed)));
            if (Fixtures.read(mutated) instanceof Picture picture && picture.metadata()) {
                Picture again = Fixtures.picture(stripped(mutated));
                assertThat(again.metadata()).as("seed " + seed).isFalse();
                assertThat(again.width()).isEqualTo(picture.width());
                assertThat(again.height()).isEqualTo(picture.height());
                pictures++;
            }
        }
        assertThat(pictures).isPositive();
    }

    private static int orientation(byte[] exif) {
        return Exif.orientation(Bytes.of(Unpooled.wrappedBuffer(exif)), 0, exif.length);
    }

    static List<String> withMetadata() {
        return Fixtures.names().stream().filter(PictureStripperTest::isStrippable)
                .filter(name -> Fixtures.picture(Fixtures.bytes(name)).metadata()).toList();
    }

    static List<String> withoutMetadata() {
        return Fixtures.names().stream().filter(PictureStripperTest::isStrippable)
                .filter(name -> !Fixtures.picture(Fixtures.bytes(name)).metadata()).toList();
    }

    private static boolean isStrippable(String name) {
        return switch (Fixtures.format(name)) {
            case PNG, JPEG, GIF, WEBP -> true;
            case BMP, TIFF -> false;
        };
    }

    private static StripOutcome strip(byte[] body) {
        return PictureStripper.strip(Unpooled.wrappedBuffer(body), Fixtures.picture(body));
    }

    static byte[] stripped(byte[] body) {
        ByteBuf buffer = Unpooled.wrappedBuffer(body);
        PictureOutcome picture = PictureReader.read(buffer, AMPLE);
        Stripped outcome = (Stripped) PictureStripper.strip(buffer, (Picture) picture);
        try {
            return ByteBufUtil.getBytes(outcome.body());
        } finally {
            assertThat(outcome.body().release()).isTrue();
            assertThat(buffer.refCnt()).isEqualTo(1);
            assertThat(buffer.readableBytes()).isEqualTo(body.length);
        }
    }

    /** The first frame's pixels, or those of all frames of a GIF. */
    private static List<int[]> pixels(byte[] body) throws IOException {
        try (ImageInputStream input =
                Objects.requireNonNull(ImageIO.createImageInputStream(new ByteArrayInputStream(body)))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            ImageReader reader = readers.next();
            reader.setInput(input);
            List<int[]> frames = new ArrayList<>();
            int count = reader.getFormatName().equals("gif") ? reader.getNumImages(true) : 1;
            for (int i = 0; i < count; i++) {
                BufferedImage image = reader.read(i);
                frames.add(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()));
            }
            reader.dispose();
            return frames;
        }
    }
}
