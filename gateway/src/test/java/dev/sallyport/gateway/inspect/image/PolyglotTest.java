package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Fixtures.bytes;
import static dev.sallyport.gateway.inspect.image.Fixtures.inserted;
import static dev.sallyport.gateway.inspect.image.Fixtures.joined;
import static dev.sallyport.gateway.inspect.image.Fixtures.latin;
import static dev.sallyport.gateway.inspect.image.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that two readers take for different things. */
final class PolyglotTest {
    private static final byte[] PNG = bytes("24x16-1-24-rgb.png");
    private static final byte[] JPEG = bytes("24x16-1-24-baseline.jpg");
    private static final byte[] GIF = bytes("24x16-1-7-palette.gif");
    private static final byte[] WEBP = bytes("24x16-3-24-animated.webp");
    private static final byte[] TIFF = bytes("24x16-1-24-rgb.tif");

    @ParameterizedTest
    @MethodSource("names")
    void refusesAnyWellKnownFormatBehindTheEnd(String name) {
        byte[] body = bytes(name);
        for (byte[] second : List.of(PNG, JPEG, GIF, WEBP, TIFF, bytes("24x16-1-24-rgb.bmp"), zip(),
                latin("%PDF-1.4\n%more of it"),
                latin("\u007fELF\u0002\u0001\u0001\0more"), latin("Rar!\u001a\u0007\u0001\0 more"), program())) {
            Defect defect = Fixtures.defect(joined(body, second));
            boolean asTrailing = Fixtures.paddingBytes(name) > 0;
            assertThat(defect.kind()).as("%s", defect).isIn(Kind.SECOND_FORMAT,
                    asTrailing ? Kind.TRAILING_DATA : Kind.SECOND_FORMAT);
        }
    }

    /** What readers of ZIP see is the end: its last record, with a comment that holds the rest of the picture. */
    @Test
    void refusesAPngWhoseLastChunksAreAnArchive() {
        Defect defect = Fixtures.defect(inserted(PNG, PNG.length - 12, Chunks.png("pRVt", archiveWithComment(16))));

        assertThat(defect.kind()).isEqualTo(Kind.SECOND_FORMAT);
        assertThat(defect.text()).contains("ZIP");
    }

    @Test
    void refusesAnArchiveInEveryFormatsMetadata() {
        byte[] archive = joined(new byte[]{1}, archiveWithComment(300));
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("tEXt", archive)));
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xfe, archive)));
        assertSecondFormat(inserted(GIF, GIF.length - 1, comment(new String(archive, StandardCharsets.ISO_8859_1))));
        assertSecondFormat(Chunks.riff(joined(WEBP, Chunks.webp("XMP ", archive))));
    }

    @Test
    void refusesAGifThatIsAJar() throws IOException {
        assertSecondFormat(joined(GIF, zip()));
        byte[] end = joined(zip(), new byte[]{0x3b});
        assertThat(Fixtures.read(joined(Arrays.copyOf(GIF, GIF.length - 1), end))).isInstanceOf(Defect.class);
    }

    @Test
    void refusesAGifThatIsAScript() {
        byte[] commented = with(GIF, 6, '/', '*', '/', '*');
        assertSecondFormat(inserted(commented, GIF.length - 1, comment("*/=1;alert(1)//")));
        assertSecondFormat(with(GIF, 6, '=', '"'));
        assertSecondFormat(with(GIF, 6, '=', '`'));
        assertSecondFormat(with(GIF, 6, '=', ' '));
    }

    @Test
    void refusesAJpegThatIsAScript() {
        byte[] script = latin("*/=alert(1);/*");
        byte[] application = joined(script, new byte[0x2f2a - 2 - script.length]);

        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe5, application)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 900})
    void refusesAPdfHeaderWhereReadersOfPdfLookForIt(int at) {
        byte[] text = latin("x".repeat(at) + "%PDF-1.7");
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xfe, text)));
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("tEXt", text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<?php system($_GET[0]);", "<?PHP\n", "<?= `id` ?>", "<script>alert(1)</script>",
        "a <SCRIPT src=x>",
        "<ScRiPt/x>", "<html>", "<HTML lang=x>", "<!DOCTYPE html>", "<iframe src=x>", "<%= x %>", "<%@ page %>"})
    void refusesAPageOrProgramInTextThatPeopleWrite(String opening) {
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("tEXt", latin("Comment\0" + opening))));
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xfe, latin(opening))));
        assertSecondFormat(inserted(GIF, GIF.length - 1, comment("12345" + opening)));
    }

    @Test
    void refusesAProgramWhereverNoPixelsAre() {
        byte[] php = latin("xx<?php eval($_POST[0]);");
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe1, joined(Exif.NAME, Exif.of(1), php))));
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe9, php)));
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("eXIf", joined(Exif.of(1), php))));
        assertSecondFormat(Chunks.riff(joined(WEBP, Chunks.webp("EXIF", php))));
        byte[] palette = bytes("24x16-1-4-palette.png");
        byte[] poisoned = palette.clone();
        System.arraycopy(php, 0, poisoned, PngReader.HEADER_END + 8, php.length);
        assertSecondFormat(Chunks.checked(poisoned));
        byte[] colours = GIF.clone();
        System.arraycopy(php, 0, colours, GifReader.HEADER_BYTES, php.length);
        assertSecondFormat(colours);
    }

    @Test
    void refusesAPhpArchiveWithoutAnOpening() {
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xfe, latin("stub __HALT_COMPILER(); ?>"))));
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("pRVt", latin("__halt_compiler();"))));
    }

    @Test
    void refusesArchivesThatTheirReadersSearchFor() {
        byte[] rar = joined(new byte[50], latin("Rar!\u001a\u0007\u0001\0"));
        byte[] sevenZip = joined(new byte[50], latin("7z\u00bc\u00af\u0027\u001c"));
        for (byte[] archive : List.of(rar, sevenZip)) {
            assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe1, joined(Exif.NAME, Exif.of(1), archive))));
            assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("pRVt", archive)));
        }
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("pRVt", joined(new byte[50], PNG))));
    }

    @Test
    void refusesAnArchiveWhoseNameStandsWhereItsReadersLook() {
        byte[] tar = with(new byte[400], 257 - 6, 'u', 's', 't', 'a', 'r');
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe5, tar)));
        byte[] disc = with(new byte[40_000], 0x8001 - 6, 'C', 'D', '0', '0', '1');
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe5, disc)));
    }

    /** Readers differ in which numbers of the last record they believe. */
    @ParameterizedTest
    @ValueSource(ints = {4, 6, 8, 10, 16, 17, 19})
    void refusesAnArchiveThatOnlyLenientReadersOpen(int at) {
        byte[] archive = archiveWithComment(16);
        byte[] odd = with(archive, archive.length - 22 + at, 77);

        assertSecondFormat(inserted(PNG, PNG.length - 12, Chunks.png("pRVt", joined(new byte[]{1}, odd))));
    }

    @Test
    void refusesAPictureInAPartThatIsNotForOne() {
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("pRVt", PNG)));
        assertSecondFormat(inserted(PNG, PngReader.HEADER_END, Chunks.png("pRVt", JPEG)));
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xfe, PNG)));
        assertSecondFormat(inserted(JPEG, 2, Chunks.jpeg(0xe7, GIF)));
        assertSecondFormat(Chunks.riff(joined(WEBP, Chunks.webp("SAFE", JPEG))));
        assertSecondFormat(inserted(GIF, GIF.length - 1,
                comment(new String(Arrays.copyOf(GIF, 200), StandardCharsets.ISO_8859_1))));
    }

    /** What cameras, editors and encoders write every day. */
    @Test
    void passesWhatHonestMetadataLooksLike() {
        byte[] exif = bytes("24x16-1-24-thumbnail.jpg");
        assertThat(Fixtures.picture(exif).frames()).isEqualTo(1);
        for (String text : List.of("a < b, 100 % sure",
                "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta/>",
                "<svg-like> <scripture> <htmlish> <?phpish", "5 <% 6", "GIMP */ 2.10", "PK and %PDF are formats", "MZ",
                "<")) {
            assertThat(Fixtures.read(inserted(JPEG, 2, Chunks.jpeg(0xfe, latin(text))))).as(text)
                    .isInstanceOf(Picture.class);
            assertThat(
                    Fixtures.read(inserted(PNG, PngReader.HEADER_END, Chunks.png("tEXt", latin("Comment\0" + text)))))
                    .as(text)
                    .isInstanceOf(Picture.class);
        }
        byte[] photoshop = joined(latin("Photoshop 3.0\0008BIM\u0004\u000c\0\0"), Chunks.big32(JPEG.length), JPEG);
        assertThat(Fixtures.read(inserted(JPEG, 2, Chunks.jpeg(0xed, photoshop)))).isInstanceOf(Picture.class);
        byte[] manifest = joined(latin("JP\0\u0001\0\0\0\u0001"), Chunks.big32(PNG.length + 8), latin("jumb"), PNG);
        assertThat(Fixtures.read(inserted(JPEG, 2, Chunks.jpeg(0xeb, manifest)))).isInstanceOf(Picture.class);
    }

    /** Compressed pixels hold any short sequence by chance; nothing in them may be taken for a second format. */
    @Test
    void passesWhateverThePixelsAre() {
        byte[] bitmap = bytes("24x16-1-24-rgb.bmp");
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[bitmap.length - 54];
            random.nextBytes(noise);
            byte[] body = bitmap.clone();
            System.arraycopy(noise, 0, body, 54, noise.length);
            assertThat(Fixtures.read(body)).as("seed " + seed).isInstanceOf(Picture.class);
        }
        byte[] withText = bitmap.clone();
        System.arraycopy(latin("<script>"), 0, withText, 200, 8);
        assertThat(Fixtures.read(withText)).isInstanceOf(Picture.class);
    }

    /** Three bytes occur by chance in what is compressed, and are an opening only where people write. */
    @Test
    void looksForShortOpeningsInReadableTextOnly() {
        String opening = "<?=x";
        assertThat(readsPng("zTXt", "Comment\0\0" + opening)).isInstanceOf(Picture.class);
        assertThat(readsPng("iTXt", "Comment\0\u0001\0\0\0" + opening)).isInstanceOf(Picture.class);
        assertThat(readsPng("iCCP", "Profile\0\0" + opening)).isInstanceOf(Picture.class);
        assertThat(readsPng("iTXt", "Comment\0\0\0\0\0" + opening)).isInstanceOf(Defect.class);
        assertThat(readsPng("tEXt", "Comment\0" + opening)).isInstanceOf(Defect.class);
    }

    private static PictureOutcome readsPng(String type, String data) {
        return Fixtures.read(inserted(PNG, PngReader.HEADER_END, Chunks.png(type, latin(data))));
    }

    private static void assertSecondFormat(byte[] body) {
        Defect defect = Fixtures.defect(body);
        assertThat(defect.kind()).as("%s", defect).isEqualTo(Kind.SECOND_FORMAT);
    }

    /** A comment extension with its text in sub-blocks. */
    private static byte[] comment(String text) {
        byte[] extension = latin("!\u00fe");
        for (int at = 0; at < text.length(); at += 255) {
            String block = text.substring(at, Math.min(at + 255, text.length()));
            extension = joined(extension, new byte[]{(byte) block.length()}, latin(block));
        }
        return joined(extension, new byte[1]);
    }

    private static byte[] zip() {
        try (ByteArrayOutputStream target = new ByteArrayOutputStream()) {
            try (ZipOutputStream zip = new ZipOutputStream(target)) {
                zip.putNextEntry(new ZipEntry("Evil.class"));
                zip.write(new byte[]{1, 2, 3});
            }
            return target.toByteArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A ZIP whose comment says that {@code bytes} more belong to it. */
    private static byte[] archiveWithComment(int bytes) {
        byte[] zip = zip();
        zip[zip.length - 2] = (byte) bytes;
        zip[zip.length - 1] = (byte) (bytes >>> 8);
        return zip;
    }

    private static byte[] program() {
        byte[] program = new byte[80];
        System.arraycopy(latin("MZ"), 0, program, 0, 2);
        program[60] = 64;
        System.arraycopy(latin("PE"), 0, program, 64, 2);
        return program;
    }

    static List<String> names() {
        return Fixtures.names();
    }
}
