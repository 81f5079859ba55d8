package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the pictures of every format. */
final class PictureReaderTest {
    private static final int MUTATIONS = 20_000;

    @ParameterizedTest
    @MethodSource("names")
    void readsWhatAnHonestPictureSays(String name) {
        Picture picture = Fixtures.picture(Fixtures.bytes(name));

        assertThat(picture.format()).isEqualTo(Fixtures.format(name));
        assertThat(picture.width()).isEqualTo(Fixtures.width(name));
        assertThat(picture.height()).isEqualTo(Fixtures.height(name));
        assertThat(picture.frames()).isEqualTo(Fixtures.frames(name));
        assertThat(picture.bitsPerPixel()).isEqualTo(Fixtures.bitsPerPixel(name));
        assertThat(picture.pixels()).isEqualTo(picture.width() * picture.height() * picture.frames());
        assertThat(picture.metadata()).isEqualTo(carriesMetadata(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void noPartOfAPictureFromItsStartIsAPicture(String name) {
        byte[] body = Fixtures.bytes(name);

        for (int length = 0; length < body.length - Fixtures.paddingBytes(name); length++) {
            Defect defect = Fixtures.defect(Arrays.copyOf(body, length));
            assertThat(defect.kind()).as("%s of %s bytes: %s", length, body.length, defect)
                    .isIn(Kind.TRUNCATED, Kind.MALFORMED);
            assertThat(defect.offset()).isBetween(0L, (long) length);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsTheSameInHoweverManyPiecesTheBodyLies(String name) {
        byte[] body = Fixtures.bytes(name);
        PictureOutcome whole = Fixtures.read(body);

        for (int pieceBytes : new int[]{1, 2, 3, 7, 8, 64, 1_000}) {
            ByteBuf pieces = Fixtures.pieces(body, pieceBytes);
            try {
                assertThat(PictureReader.read(pieces, AMPLE)).isEqualTo(whole);
                assertThat(ImageFormat.sniff(pieces)).isEqualTo(Fixtures.format(name));
                assertThat(pieces.readerIndex()).isEqualTo(3);
            } finally {
                pieces.release();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void refusesAnyByteBehindTheEnd(String name) {
        byte[] body = Fixtures.bytes(name);

        for (int octet : new int[]{0, '\n', 0xff, 0x3b}) {
            Defect defect = Fixtures.defect(Fixtures.joined(body, new byte[]{(byte) octet, 1, 2, 3, 4, 5}));
            assertThat(defect.kind()).as(defect.text()).isEqualTo(Kind.TRAILING_DATA);
            assertThat(defect.offset()).isEqualTo(body.length - Fixtures.paddingBytes(name));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void passesExactlyItsPixelsAndFrames(String name) {
        byte[] body = Fixtures.bytes(name);
        Picture picture = Fixtures.picture(body);

        assertThat(Fixtures.read(body, new PictureLimits(picture.pixels(), picture.frames()))).isEqualTo(picture);
        Defect pixels = Fixtures.defect(body, new PictureLimits(picture.pixels() - 1, picture.frames()));
        assertThat(pixels.kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(pixels.text()).contains(String.valueOf(picture.pixels() - 1));
        if (picture.frames() > 1) {
            Defect frames = Fixtures.defect(body, new PictureLimits(picture.pixels(), picture.frames() - 1));
            assertThat(frames.kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
            assertThat(frames.text()).contains(" " + (picture.frames() - 1) + " ");
        }
    }

    /** Reproduce a failure with the seed that its message names. */
    @ParameterizedTest
    @MethodSource("names")
    void answersWhateverTheBytesAre(String name) {
        byte[] body = Fixtures.bytes(name);
        int rounds = MUTATIONS / names().size() + 1;
        for (int seed = 0; seed < rounds; seed++) {
            byte[] mutated = Mutation.of(body, new Random(seed));
            try {
                Fixtures.read(mutated);
                Fixtures.read(Chunks.checked(mutated));
            } catch (RuntimeException | StackOverflowError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    @Test
    void whatIsNoPictureIsNotSupported() {
        for (String text : List.of("<!doctype html>", "%PDF-1.7 and more", "PK\u0003\u0004 and more than enough bytes",
                "{\"a\": 1}",
                "BM: a text about something", "RIFF\0\0\0\0WAVEfmt and more", "\0\0\0\u0018ftypavif and more of it")) {
            assertThat(Fixtures.defect(Fixtures.latin(text)).kind()).as(text).isEqualTo(Kind.UNSUPPORTED);
            assertThat(ImageFormat.sniff(Unpooled.wrappedBuffer(Fixtures.latin(text)))).as(text).isNull();
        }
    }

    @Test
    void anEmptyBodyIsCutOff() {
        assertThat(Fixtures.defect(new byte[0]).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(ImageFormat.sniff(Unpooled.EMPTY_BUFFER)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void aLimitIsAtLeastOne(long limit) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PictureLimits(limit, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PictureLimits(1, (int) Math.max(limit, -5)));
    }

    @Test
    void countsPixelsWithoutOverflow() {
        assertThat(Tally.product(65_535, 65_535)).isEqualTo(4_294_836_225L);
        assertThat(Tally.product(0x7fff_ffffL, 0x7fff_ffffL)).isEqualTo(4_611_686_014_132_420_609L);
        assertThat(Tally.product(0xffff_ffffL, 0xffff_ffffL)).isEqualTo(Long.MAX_VALUE);
        assertThat(Tally.product(0xffff_ffffL, 0x8000_0000L)).isEqualTo(9_223_372_034_707_292_160L);
        assertThat(Tally.product(Long.MAX_VALUE, 2)).isEqualTo(Long.MAX_VALUE);
        assertThat(Tally.product(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    static List<String> names() {
        return Fixtures.names();
    }

    private static boolean carriesMetadata(String name) {
        return name.contains("metadata") || name.contains("thumbnail") || name.contains("comment")
                || name.contains("multi-picture");
    }
}
