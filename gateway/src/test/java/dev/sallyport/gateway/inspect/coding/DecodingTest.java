package dev.sallyport.gateway.inspect.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.coding.DecodeOutcome.Decoded;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome.Malformed;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome.TooLarge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecodingTest {
    /** 300 lines {@code n,n*n}, by the reference encoder at its highest level. */
    private static final byte[] BROTLI_SQUARES = Base64.getDecoder().decode(Encoded.SQUARES_BROTLI);
    /** 64 MiB of zeros. */
    private static final byte[] BROTLI_BOMB =
            Base64.getDecoder().decode("z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37f/7//8M/ARCHBQC69/8D");

    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest
    @EnumSource
    void undoesEachCoding(ContentCoding coding) {
        for (int length : new int[]{0, 1, 17, 65_535, 65_536, 300_000}) {
            byte[] plain = text(length);

            assertThat(decoded(Encoded.with(coding, plain), coding)).as("%s, %d bytes", coding, length)
                    .isEqualTo(plain);
        }
    }

    @Test
    void undoesWhatTheReferenceEncoderOfBrotliMade() {
        assertThat(decoded(BROTLI_SQUARES, ContentCoding.BR)).isEqualTo(Encoded.squares());
    }

    @Test
    void undoesTwoCodingsTheLastFirst() {
        byte[] plain = text(5_000);
        byte[] twice = Encoded.with(ContentCoding.ZSTD, Encoded.with(ContentCoding.GZIP, plain));

        assertThat(decoded(twice, ContentCoding.GZIP, ContentCoding.ZSTD)).isEqualTo(plain);
        assertThat(decode(twice, DecodeLimits.DEFAULTS, ContentCoding.ZSTD, ContentCoding.GZIP))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void undoesBareDeflateAsSomeClientsSendIt() {
        byte[] plain = text(5_000);

        assertThat(decoded(Encoded.bareDeflate(plain), ContentCoding.DEFLATE)).isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsCutOffAnywhereIsMalformed(ContentCoding coding) {
        byte[] encoded = coding == ContentCoding.BR ? BROTLI_SQUARES : Encoded.with(coding, text(2_000));

        for (int length = 0; length < encoded.length; length += 7) {
            assertThat(decode(Arrays.copyOf(encoded, length), DecodeLimits.DEFAULTS, coding))
                    .as("%d of %d", length, encoded.length)
                    .isInstanceOf(Malformed.class);
        }
        assertThat(decode(Arrays.copyOf(encoded, encoded.length - 1), DecodeLimits.DEFAULTS, coding))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @EnumSource
    void bytesBehindTheEndAreMalformedWhereverABlockOfTheReaderEnds(ContentCoding coding) {
        for (int more : new int[]{1, 2, 40, 5_000}) {
            for (int length : new int[]{10, 4_040, 4_089, 4_090, 4_091, 4_092, 8_180, 8_189}) {
                byte[] encoded = Encoded.with(coding, noise(length));
                assertThat(decode(Arrays.copyOf(encoded, encoded.length + more), DecodeLimits.DEFAULTS, coding))
                        .as("%d bytes behind %d", more, encoded.length).isInstanceOf(Malformed.class);
                assertThat(decoded(encoded, coding)).hasSize(length);
            }
        }
    }

    @Test
    void bytesBehindABrotliStreamAreFoundWhenBothTogetherFillTheReadersBlocks() {
        for (int behind = 1; behind < 64; behind++) {
            byte[] encoded = Encoded.with(ContentCoding.BR, noise(4_096 - 4 - behind));
            byte[] filled = Arrays.copyOf(encoded, 4_096);

            assertThat(encoded.length).isEqualTo(4_096 - behind);
            assertThat(decode(filled, DecodeLimits.DEFAULTS, ContentCoding.BR)).as("%d behind", behind)
                    .isInstanceOf(Malformed.class);
        }
        assertThat(decoded(Encoded.with(ContentCoding.BR, noise(4_092)), ContentCoding.BR)).hasSize(4_092);
    }

    @Test
    void aSecondMemberOrFrameIsMalformedBecauseManyReadersWouldNotSeeIt() {
        for (ContentCoding coding : List.of(ContentCoding.GZIP, ContentCoding.ZSTD)) {
            byte[] encoded = Encoded.with(coding, text(100));

            assertThat(decode(Unpooled.copiedBuffer(encoded, encoded), DecodeLimits.DEFAULTS, coding))
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void aWrongChecksumIsMalformed() {
        for (ContentCoding coding : List.of(ContentCoding.GZIP, ContentCoding.DEFLATE, ContentCoding.ZSTD)) {
            byte[] encoded = Encoded.with(coding, text(100));
            encoded[encoded.length - (coding == ContentCoding.GZIP ? 5 : 1)] ^= 1;

            assertThat(decode(encoded, DecodeLimits.DEFAULTS, coding)).isInstanceOf(Malformed.class);
        }
        byte[] length = Encoded.with(ContentCoding.GZIP, text(100));
        length[length.length - 1] ^= 1;
        assertThat(decode(length, DecodeLimits.DEFAULTS, ContentCoding.GZIP)).isInstanceOf(Malformed.class);
    }

    @Test
    void readsEveryFieldOfAGzipHeaderAndRefusesReservedOnes() {
        byte[] plain = text(50);

        assertThat(decoded(Encoded.gzipWithEveryField(plain, 0), ContentCoding.GZIP)).isEqualTo(plain);
        assertThat(decode(Encoded.gzipWithEveryField(plain, 1), DecodeLimits.DEFAULTS, ContentCoding.GZIP))
                .isEqualTo(new Malformed("the gzip coding is broken: the checksum of its header is wrong"));
        byte[] reserved = Encoded.with(ContentCoding.GZIP, plain);
        reserved[3] |= 0x20;
        assertThat(decode(reserved, DecodeLimits.DEFAULTS, ContentCoding.GZIP)).isInstanceOf(Malformed.class);
    }

    @Test
    void lettingOutExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        for (ContentCoding coding : ContentCoding.values()) {
            byte[] plain = noise(100_000);
            byte[] encoded = Encoded.with(coding, plain);

            assertThat(decode(encoded, new DecodeLimits(1_000, 100_000), coding)).as("%s", coding)
                    .isInstanceOf(Decoded.class);
            assertThat(decode(encoded, new DecodeLimits(1_000, 99_999), coding)).as("%s", coding)
                    .isEqualTo(new TooLarge(99_999, false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsRefusedByItsRatioWithLittleMemory(ContentCoding coding) {
        byte[] bomb = coding == ContentCoding.BR ? BROTLI_BOMB : Encoded.with(coding, new byte[64 << 20]);
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();

        DecodeOutcome outcome = decode(bomb, DecodeLimits.DEFAULTS, coding);

        long most = Math.max(DecodeLimits.RATIO_FREE_BYTES, bomb.length * 100L);
        assertThat(outcome).isEqualTo(new TooLarge(most, true));
        assertThat(most).isLessThan(8 << 20);
        assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isEqualTo(before);
    }

    @Test
    void aBombInsideOfABombIsRefusedAtTheSameLimit() {
        byte[] bomb = Encoded.with(ContentCoding.GZIP, Encoded.with(ContentCoding.GZIP, new byte[64 << 20]));

        assertThat(decode(bomb, DecodeLimits.DEFAULTS, ContentCoding.GZIP, ContentCoding.GZIP))
                .isInstanceOf(TooLarge.class);
    }

    @Test
    void littleThatWasMuchPassesWhateverItsRatio() {
        byte[] zeros = new byte[60_000];

        for (ContentCoding coding : ContentCoding.values()) {
            assertThat(decoded(Encoded.with(coding, zeros), coding)).isEqualTo(zeros);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "28b52ffd 00 a0 010000", // 1 GiB of window
        "28b52ffd 00 ff 010000", // the largest that can be written
        "28b52ffd e0 ffffffffffffff7f 010000", // a single segment of 2^63 - 1 bytes
        "28b52ffd e0 ffffffffffffffff 010000",
        "28b52ffd 21 00 00 010000", // a dictionary
        "28b52ffd 28 00 010000", // a reserved bit
        "28b52ffd 20 00 070000", // a block of no known type
        "28b52ffd 20 00 000000", // no last block
        "28b52ffd 20 00 010000 ff", // a byte behind
        "184d2a50 00000000", // a frame to skip
        "502a4d18 00000000 28b52ffd 20 00 010000",
    })
    void aZstdFrameThatAsksForTooMuchOrHasAnotherOutlineIsMalformed(String hexadecimal) {
        byte[] frame = ByteBufUtil.decodeHexDump(hexadecimal.replace(" ", ""));

        assertThat(decode(frame, DecodeLimits.DEFAULTS, ContentCoding.ZSTD)).isInstanceOf(Malformed.class);
    }

    @Test
    void mutationsNeverThrowAndNeverLetOutMoreThanTheLimit() {
        DecodeLimits limits = new DecodeLimits(10, 200_000);
        for (int round = 0; round < 20_000; round++) {
            ContentCoding coding = ContentCoding.values()[round & 3];
            byte[] encoded = coding == ContentCoding.BR && random.nextBoolean() ? BROTLI_SQUARES.clone()
                    : Encoded.with(coding, text(random.nextInt(500)));
            for (int flips = random.nextInt(1, 6); flips > 0 && encoded.length > 0; flips--) {
                encoded[random.nextInt(encoded.length)] = (byte) random.nextInt();
            }

            DecodeOutcome outcome = decode(encoded, limits, coding);

            if (outcome instanceof Decoded(ByteBuf body)) {
                assertThat(body.capacity()).isLessThanOrEqualTo(200_000);
            }
        }
    }

    @Test
    void readsTheNamesOfCodings() {
        assertThat(ContentCoding.of(List.of())).isEmpty();
        assertThat(ContentCoding.of(List.of("identity"))).isEmpty();
        assertThat(ContentCoding.of(List.of("GZip"))).containsExactly(ContentCoding.GZIP);
        assertThat(ContentCoding.of(List.of("x-gzip, br"))).containsExactly(ContentCoding.GZIP, ContentCoding.BR);
        assertThat(ContentCoding.of(List.of("zstd", "deflate"))).containsExactly(ContentCoding.ZSTD,
                ContentCoding.DEFLATE);
        for (String refused : List.of("", "compress", "gzip,", ",gzip", "gzip gzip", "gzip, gzip, gzip",
                "aws-chunked")) {
            assertThat(ContentCoding.of(List.of(refused))).as(refused).isNull();
        }
    }

    private byte[] text(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append("value ").append(random.nextInt(1_000)).append('\n');
        }
        return text.substring(0, length).getBytes(UTF_8);
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] decoded(byte[] encoded, ContentCoding... codings) {
        DecodeOutcome outcome = decode(encoded, DecodeLimits.DEFAULTS, codings);
        assertThat(outcome).isInstanceOf(Decoded.class);
        return ByteBufUtil.getBytes(((Decoded) outcome).body());
    }

    private static DecodeOutcome decode(byte[] encoded, DecodeLimits limits, ContentCoding... codings) {
        return decode(Unpooled.wrappedBuffer(encoded), limits, codings);
    }

    /** What decoding yields; a decoded body becomes one that needs no release. */
    private static DecodeOutcome decode(ByteBuf encoded, DecodeLimits limits, ContentCoding... codings) {
        DecodeOutcome outcome = Decoding.decode(encoded, List.of(codings), limits);
        assertThat(encoded.readerIndex()).isZero();
        assertThat(encoded.refCnt()).isEqualTo(1);
        if (outcome instanceof Decoded(ByteBuf body)) {
            ByteBuf copy = Unpooled.copiedBuffer(body);
            body.release();
            return new Decoded(copy);
        }
        return outcome;
    }
}
