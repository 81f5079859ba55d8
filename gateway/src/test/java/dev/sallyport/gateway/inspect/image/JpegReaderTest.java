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
import org.junit.jupiter.params.provider.ValueSource;

final class JpegReaderTest {
    private static final byte[] JPEG = bytes("24x16-1-24-baseline.jpg");
    private static final byte[] PROGRESSIVE = bytes("24x16-1-24-progressive.jpg");
    private static final byte[] RESTARTS = bytes("64x64-1-24-restarts.jpg");
    private static final int FRAME_AT = indexOf(JPEG, "\u00ff\u00c0");
    private static final int SCAN_AT = indexOf(JPEG, "\u00ff\u00da");
    private static final int DATA_AT = SCAN_AT + 14;

    @Test
    void refusesABombThatIsSmallOnTheWire() {
        Defect defect = defect(with(JPEG, FRAME_AT + 5, 0xff, 0xff, 0xff, 0xff));

        assertThat(defect.kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
        assertThat(defect.text()).contains("65535 x 65535", "50000000");
    }

    @Test
    void readsAHeightThatStandsBehindTheFirstScan() {
        byte[] unknown = with(JPEG, FRAME_AT + 5, 0, 0);
        byte[] lines = Chunks.jpeg(0xdc, new byte[]{0, 16});

        assertThat(Fixtures.read(inserted(unknown, unknown.length - 2, lines))).isEqualTo(Fixtures.read(JPEG));
        assertMalformed(unknown);
        assertMalformed(inserted(unknown, unknown.length - 2, Chunks.jpeg(0xdc, new byte[]{0, 0})));
        assertMalformed(inserted(JPEG, JPEG.length - 2, lines));
        byte[] bomb = inserted(with(unknown, FRAME_AT + 7, 0xff, 0xff), unknown.length - 2,
                Chunks.jpeg(0xdc, new byte[]{(byte) 0xff, (byte) 0xff}));
        assertThat(defect(bomb).kind()).isEqualTo(Kind.TOO_MANY_PIXELS);
    }

    @Test
    void refusesAFrameHeaderThatDoesNotExist() {
        int components = FRAME_AT + 10;
        assertMalformed(with(JPEG, FRAME_AT + 3, 18)); // length
        assertMalformed(with(JPEG, FRAME_AT + 4, 9)); // precision
        assertMalformed(with(JPEG, FRAME_AT + 4, 12)); // not in a baseline picture
        assertMalformed(with(JPEG, FRAME_AT + 7, 0, 0)); // width
        assertMalformed(with(JPEG, FRAME_AT + 9, 4)); // number of components
        assertMalformed(with(JPEG, components, JPEG[components + 3])); // identifiers
        assertMalformed(with(JPEG, components + 1, 0x01)); // sampling factors
        assertMalformed(with(JPEG, components + 1, 0x10));
        assertMalformed(with(JPEG, components + 1, 0x51));
        assertMalformed(with(JPEG, components + 2, 4)); // table
        byte[] five = Chunks.jpeg(0xc0, Arrays.copyOf(new byte[]{8, 0, 16, 0, 24, 5}, 21));
        assertThat(defect(inserted(JPEG, FRAME_AT, five)).kind()).isEqualTo(Kind.UNSUPPORTED);
    }

    @Test
    void refusesASecondFrame() {
        byte[] frame = Arrays.copyOfRange(JPEG, FRAME_AT, FRAME_AT + 19);
        assertMalformed(inserted(JPEG, FRAME_AT, frame));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc5, 0xc6, 0xc7, 0xcd, 0xcf, 0xde, 0xdf})
    void saysThatHierarchicalPicturesAreNotRead(int marker) {
        assertThat(defect(with(JPEG, FRAME_AT + 1, marker)).kind()).isEqualTo(Kind.UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0xbf, 0xc8, 0xd0, 0xd7, 0xd8, 0xdc, 0xf0, 0xfd})
    void refusesAMarkerThatMayNotStandThere(int marker) {
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(marker, new byte[]{0, 1})));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb})
    void readsExtendedProgressiveLosslessAndArithmeticFrames(int marker) {
        byte[] body =
                marker == 0xc2 || marker == 0xca ? with(PROGRESSIVE, indexOf(PROGRESSIVE, "\u00ff\u00c2") + 1, marker)
                        : with(JPEG, FRAME_AT + 1, marker);

        assertThat(Fixtures.picture(body).pixels()).isEqualTo(24 * 16);
    }

    @Test
    void refusesGarbageBetweenSegments() {
        assertMalformed(inserted(JPEG, FRAME_AT, new byte[]{0}));
        assertMalformed(inserted(JPEG, 20, latin("garbage")));
        assertThat(Fixtures.read(inserted(JPEG, FRAME_AT, new byte[]{(byte) 0xff, (byte) 0xff})))
                .as("fill bytes are allowed").isInstanceOf(Picture.class);
    }

    @Test
    void refusesSegmentsThatTheirContentsDoNotFill() {
        assertMalformed(with(JPEG, 4, 0, 1));
        assertMalformed(with(JPEG, 4, 0, 0));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xdb, new byte[64])));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xdb, new byte[0])));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xdb, with(new byte[65], 0, 4))));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xc4, new byte[16])));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xc4, with(new byte[17], 5, 1))));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xc4, with(new byte[17 + 510], 5, 255, 255))));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xdd, new byte[3])));
        assertMalformed(inserted(JPEG, 2, Chunks.jpeg(0xcc, new byte[3])));
    }

    @Test
    void refusesScansThatTheFrameDoesNotHave() {
        assertMalformed(with(JPEG, SCAN_AT + 5, 9));
        assertMalformed(with(JPEG, SCAN_AT + 4, 4));
        assertMalformed(with(JPEG, SCAN_AT + 4, 0));
        assertMalformed(with(JPEG, SCAN_AT + 5, 2, 0, 1));
        assertMalformed(with(JPEG, SCAN_AT + 12, 64));
        assertMalformed(joined(Arrays.copyOf(JPEG, FRAME_AT), Arrays.copyOfRange(JPEG, FRAME_AT + 19, JPEG.length)));
        assertMalformed(joined(Arrays.copyOf(JPEG, DATA_AT), new byte[]{(byte) 0xff, (byte) 0xd9}));
        assertMalformed(joined(Arrays.copyOf(JPEG, SCAN_AT), new byte[]{(byte) 0xff, (byte) 0xd9}));
    }

    @Test
    void boundsTheNumberOfScans() {
        byte[] scan = Arrays.copyOfRange(JPEG, SCAN_AT, JPEG.length - 2);
        byte[][] scans = new byte[JpegReader.SCANS_MAX - 1][];
        Arrays.fill(scans, scan);
        byte[] most = inserted(JPEG, SCAN_AT, joined(scans));

        assertThat(Fixtures.read(most)).isInstanceOf(Picture.class);
        assertThat(defect(inserted(most, SCAN_AT, scan)).kind()).isEqualTo(Kind.TOO_MANY_PARTS);
    }

    /** A large picture in many scans keeps a decoder busy for minutes. */
    @Test
    void boundsHowOftenADecoderPassesOverTheLargestPicture() {
        byte[] scan = Arrays.copyOfRange(JPEG, SCAN_AT, JPEG.length - 2);
        byte[][] scans = new byte[Tally.PASSES_MAX - 1][];
        Arrays.fill(scans, scan);
        byte[] most = inserted(JPEG, SCAN_AT, joined(scans));
        PictureLimits limits = new PictureLimits(24 * 16, 1);

        assertThat(Fixtures.read(most, limits)).isInstanceOf(Picture.class);
        Defect defect = defect(inserted(most, SCAN_AT, scan), limits);
        assertThat(defect.kind()).isEqualTo(Kind.TOO_MANY_PARTS);
        assertThat(defect.text()).contains("21 times", "384");
    }

    @Test
    void boundsTheNumberOfSegments() {
        byte[][] comments = new byte[Tally.PARTS_MAX + 1][];
        Arrays.fill(comments, Chunks.jpeg(0xfe, new byte[0]));

        assertThat(defect(inserted(JPEG, 2, joined(comments))).kind()).isEqualTo(Kind.TOO_MANY_PARTS);
    }

    @Test
    void refusesRestartsThatNobodyAnnouncedOrThatAreOutOfTurn() {
        int first = indexOf(RESTARTS, "\u00ff\u00d0");
        assertThat(first).isPositive();
        assertMalformed(with(RESTARTS, first + 1, 0xd1));
        assertMalformed(inserted(JPEG, DATA_AT + 3, new byte[]{(byte) 0xff, (byte) 0xd0}));
    }

    @Test
    void readsFurtherPicturesOnlyWhereAnIndexNamesThem() {
        byte[] two = bytes("24x16-2-24-multi-picture.jpg");

        assertThat(defect(two, new PictureLimits(50_000_000, 1)).kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
        assertThat(defect(joined(JPEG, JPEG)).kind()).isEqualTo(Kind.SECOND_FORMAT);
        assertThat(defect(joined(two, JPEG)).kind()).isEqualTo(Kind.SECOND_FORMAT);
        int start = new String(two, StandardCharsets.ISO_8859_1).lastIndexOf("\u00ff\u00d8\u00ff");
        assertThat(defect(inserted(two, start, new byte[]{0})).kind()).as("beside").isEqualTo(Kind.TRAILING_DATA);
        assertThat(defect(inserted(two, start, new byte[]{1})).kind()).isEqualTo(Kind.TRAILING_DATA);
    }

    @Test
    void readsFurtherPicturesThatCamerasPutAtARoundOffset() {
        byte[] two = bytes("24x16-2-24-multi-picture.jpg");
        int start = new String(two, StandardCharsets.ISO_8859_1).lastIndexOf("\u00ff\u00d8\u00ff");
        int offsetAt = indexOf(two, "MPF\0") + 4 + 50 + 16 + 8;
        byte[] later = with(two, offsetAt + 3, two[offsetAt + 3] + 5);

        assertThat(Fixtures.picture(inserted(later, start, new byte[5])).frames()).isEqualTo(2);
        assertThat(defect(inserted(later, start, new byte[]{0, 0, 1, 0, 0})).kind()).isEqualTo(Kind.TRAILING_DATA);
    }

    private static int indexOf(byte[] body, String marker) {
        return new String(body, StandardCharsets.ISO_8859_1).indexOf(marker);
    }

    private static void assertMalformed(byte[] body) {
        Defect defect = defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.MALFORMED);
    }
}
