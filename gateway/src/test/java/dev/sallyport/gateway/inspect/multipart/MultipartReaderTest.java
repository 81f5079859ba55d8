package dev.sallyport.gateway.inspect.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.inspect.media.MediaType;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome.Malformed;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome.Parts;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome.TooLarge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MultipartReaderTest {
    private static final String FILE = "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n";

    @Test
    void readsAFormAsItsSenderMeantIt() {
        String body = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n5\r\n--b\r\n" + FILE
                + "Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n\r\n--x\r\n--b\r\n" + FILE
                + "content-length: 0\r\n\r\n\r\n--b--\r\n";

        Parts parts = (Parts) read(body);

        assertThat(parts.parts()).extracting(Part::name).containsExactly("n", "file", "file");
        assertThat(parts.parts()).extracting(Part::fileName).containsExactly(null, "a.png", "a.png");
        assertThat(parts.parts()).extracting(part -> content(body, part)).containsExactly("5", "\r\n--x", "");
        assertThat(requireNonNull(parts.parts().get(1).type()).essence()).isEqualTo("image/png");
        assertThat(parts.parts().get(1).shown()).isEqualTo("part 2 'file'");
    }

    @Test
    void readsTheFormsOfCommonClients() {
        for (String boundary : List.of(
                "------------------------d74496d66958873e", "----WebKitFormBoundary7MA4YWxkTrZu0gW",
                "----geckoformboundary8b3f", "\"===============7330845974216740156==\"", "0f3ab2e5c7", "\"6f8a-11ee\"",
                "----formdata-undici-054839124", "Boundary+ABCDEF'x", "\"a:b=c?d/e,(f)\"")) {
            String plain = boundary.replace("\"", "");
            String body = "--" + plain + "\r\n" + FILE + "\r\nx\r\n--" + plain + "--";

            assertThat(read(body, "multipart/form-data; boundary=" + boundary, MultipartLimits.DEFAULTS)).as(boundary)
                    .isInstanceOf(Parts.class);
        }
        assertThat(read(form("filename=\"Ärger %22x%22.png\"; filename*=utf-8''%C3%84rger%20%2522x%2522.png")))
                .isInstanceOf(Parts.class);
        assertThat(read(form("filename=a.png"))).isInstanceOf(Parts.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=a b", "multipart/form-data; boundary=\"a b\"",
        "multipart/form-data; boundary=a:b",
        "multipart/form-data; boundary=b; boundary=b", "multipart/form-data; boundary=b; Boundary=c",
        "multipart/form-data; boundary=b; boundary*=utf-8''c", "multipart/form-data; boundary*0=b; boundary*1=c",
        "multipart/form-data; boundary=\"b", "multipart/form-data; boundary=b; charset=utf-16",
        "multipart/form-data; boundary=\"b\u00e4\"", "multipart/form-data; boundary=b, boundary=c",
        "multipart/form-data boundary=b", "multipart/form-data; boundary =b", "multipart/form-data; boundary=\"b\\;\"",
        "multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890",
    })
    void takesNoBoundaryThatTwoReadersCouldReadDifferently(String type) {
        MediaType parsed = MediaType.parse(type);

        assertThat(parsed == null ? null : Boundary.of(parsed)).isNull();
    }

    @Test
    void takesABoundaryOfSeventyCharacters() {
        assertThat(Boundary.of(requireNonNull(MediaType.parse("multipart/form-data; boundary=" + "b".repeat(70)))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "--", "--b", "--b--", "--b--\r\n", "--b\r\n", "--b\r\n\r\n", "--b\r\n\r\nx\r\n--b--", // no part, or one without a name
        "\r\n--b\r\nFILE\r\nx\r\n--b--", "preamble\r\n--b\r\nFILE\r\nx\r\n--b--", "--c\r\nFILE\r\nx\r\n--c--",
        "--b\r\nFILE\r\nx\r\n--b--epilogue", "--b\r\nFILE\r\nx\r\n--b--\r\nepilogue",
        "--b\r\nFILE\r\nx\r\n--b--\r\n\r\n",
        "--b\r\nFILE\r\nx\r\n--b--\n", "--b\r\nFILE\r\nx\r\n--b-- ", "--b\r\nFILE\r\nx\r\n--b-",
        "--b\r\nFILE\r\nx\r\n--b",
        "--b\r\nFILE\r\nx", "--b\r\nFILE\r\nx\r\n", "--b\r\nFILE", "--b\r\nFILE\r\n--b--", // no end
        "--b\nFILE\r\nx\r\n--b--", "--b \r\nFILE\r\nx\r\n--b--", "--b\t\r\nFILE\r\nx\r\n--b--", // after the boundary
        "--b\r\nFILE\r\nx\n--b--", "--b\r\nFILE\r\nx\r--b--", "--b\r\nFILE\r\nx--b--", // no CRLF in front of it
        "--b\r\nFILE\r\nx\r\n--bb\r\n\r\n--b--", "--b\r\nFILE\r\nx\n--b\nFILE\n\nevil\r\n--b--", // hidden from some readers
        "--b\r\nFILE\r\nx\r\n--b--\r\n--b\r\nFILE\r\nevil\r\n--b--", // a form behind the end
    })
    void refusesEveryOutlineThatTwoReadersCouldReadDifferently(String body) {
        assertThat(read(body.replace("FILE", FILE))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "name=file", "form-data", "form-data;", "form-data; name=", "form-data; name=\"\"",
        "attachment; name=\"file\"",
        "form-data; name=\"a\"; name=\"b\"", "form-data; name=\"a\"; NAME=\"b\"", "form-data; name=\"a",
        "form-data; name=a\"",
        "form-data; name=\"a\\\"b\"", "form-data; name=\"a\"; filename=\"x\"; filename=\"y\"",
        "form-data; name=\"a\" ; filename",
        "form-data; name=\"a\"; filename=\"\"", "form-data; name=\"a\"; filename=\"../x\"",
        "form-data; name=\"a\"; filename=\"..\"",
        "form-data; name=\"a\"; filename=\"/etc/passwd\"", "form-data; name=\"a\"; filename=\"c:\\x\"",
        "form-data; name=\"a\"; filename=\"..%2fx\"", "form-data; name=\"a\"; filename=\"x%00.png\"",
        "form-data; name=\"a\"; filename*=utf-8''x", "form-data; name=\"a\"; filename=x; filename*=utf-8''y",
        "form-data; name=\"a\"; filename=x; filename*=iso-8859-1''x",
        "form-data; name=\"a\"; filename=x; filename*=utf-8''%zz",
        "form-data; name=\"a\"; filename=x; filename*=utf-8''..%2Fx", "form-data; name=\"a\"; name*=utf-8''b",
        "form-data; name=\"a\"; filename*0=\"x\"; filename*1=\"y\"", "form-data; name=\"a\"; size=5",
        "form-data; name=\"_charset_\"", "form-data; name=\"a\u0000\"", "form-data; name=\"a\tb\"",
        "form-data; name=\"a\u00ff\"",
        "form-data; name=\"a\", form-data; name=\"b\"", "form-data name=\"a\"", "form-data; name =\"a\"",
        "form-data; name= \"a\"",
        "form-data;\tname=\"a\"", "form-data; name=\"a\";\tfilename=\"b\"", "form-data; name=\"a \"",
        "form-data; name=\"a\"; filename=\" b\"",
        "form-data; name=\"a%0d%0A\"", "form-data; name=\"a\"; filename=\"b%0a\"",
        "form-data; name=\"a\"; filename=\"b\u2028\"",
        "form-data; name=*", "form-data; name=a'b", "form-data; name=a%22", "form-data;; name=\"a\"",
        "form-data; =\"a\"",
    })
    void refusesEveryDispositionThatTwoReadersCouldReadDifferently(String disposition) {
        assertThat(read("--b\r\nContent-Disposition: " + disposition + "\r\n\r\nx\r\n--b--"))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable",
        "Content-Type: multipart/mixed; boundary=c", "Content-Type: message/rfc822", "Content-Type: image",
        "Content-Type: text/plain; charset=utf-7", "Content-Type: text/plain\r\nContent-Type: image/png",
        "Content-Disposition: form-data; name=\"b\"", "Content-Length: 2", "Content-Length: -1", "Content-Length: x",
        "Content-Length: 99999999999", "Content-Encoding: gzip", "X-Anything: x", "Content-Type : image/png",
        "no field",
        " folded", "\tfolded", ": nameless", "Content-Type: a/b\nX: y", "Content-Type: a/b\rX: y",
        "Content-Type: a/b\u0000",
        "Content-Type: a/b\r\n c", "C\u00f6ntent-Type: a/b",
    })
    void refusesEveryHeaderFieldThatHidesSomething(String field) {
        assertThat(read("--b\r\n" + FILE + field + "\r\n\r\nx\r\n--b--")).isInstanceOf(Malformed.class);
    }

    @Test
    void countsPartsBytesOfHeadersAndOfNames() {
        MultipartLimits limits = new MultipartLimits(2, 100, 5);
        String part = "--b\r\nContent-Disposition: form-data; name=\"12345\"\r\n\r\nx\r\n";

        assertThat(read(part + part + "--b--", "multipart/form-data; boundary=b", limits)).isInstanceOf(Parts.class);
        assertThat(read(part + part + part + "--b--", "multipart/form-data; boundary=b", limits))
                .isEqualTo(new TooLarge("body", "it has more than 2 parts", 2));
        assertThat(read(part.replace("12345", "123456") + "--b--", "multipart/form-data; boundary=b", limits))
                .isEqualTo(new Malformed("part 1", "its name is longer than 5 bytes"));
        String fixed = "Content-Disposition: form-data; name=\"1\"\r\nContent-Type: text/plain; x=";
        String filled = fixed + "y".repeat(100 - fixed.length() - 4) + "\r\n\r\n";
        assertThat(filled).hasSize(100);
        assertThat(read("--b\r\n" + filled + "x\r\n--b--", "multipart/form-data; boundary=b", limits))
                .isInstanceOf(Parts.class);
        assertThat(
                read("--b\r\n" + filled.replace("x=", "x=y") + "x\r\n--b--", "multipart/form-data; boundary=b", limits))
                .isEqualTo(new TooLarge("part 1", "its header section is longer than 100 bytes", 100));
    }

    @Test
    void findsABoundaryBehindAContentThatBeginsLikeIt() {
        for (String boundary : List.of("-".repeat(69) + "x", "ababab", "-ab-ab", "aabaaab")) {
            String head = "--" + boundary + "\r\n" + FILE + "\r\n";
            for (String content : List.of("-".repeat(1_000), "--" + boundary.substring(0, boundary.length() - 1),
                    "--ab--ab-ab-a", "--aabaaa--aabaa", "\r\n-\r\n--")) {
                Parts parts = (Parts) read(head + content + "\r\n--" + boundary + "--",
                        "multipart/form-data; boundary=" + boundary,
                        MultipartLimits.DEFAULTS);

                assertThat(parts.parts()).hasSize(1);
                assertThat(parts.parts().getFirst().length()).isEqualTo(content.length());
            }
        }
    }

    @Test
    void mutationsNeverThrowAndPartsNeverOverlap() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] sound = ("--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n5\r\n--b\r\n" + FILE
                + "Content-Type: image/png\r\n\r\nPNG\r\n--b\r\n" + FILE + "\r\nsecond\r\n--b--\r\n")
                .getBytes(ISO_8859_1);
        byte[] spice = "\r\n-b:;=\"\\/%\0 *".getBytes(ISO_8859_1);
        int parts = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = sound.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? (byte) random.nextInt() : spice[random.nextInt(spice.length)];
            }
            int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            ByteBuf body = Unpooled.wrappedBuffer(bytes, 0, cut);

            MultipartOutcome outcome =
                    MultipartReader.read(body, boundary("multipart/form-data; boundary=b"), MultipartLimits.DEFAULTS);

            if (outcome instanceof Parts(List<Part> found)) {
                int end = 0;
                for (Part part : found) {
                    assertThat(part.headStart()).isGreaterThanOrEqualTo(end);
                    assertThat(part.start()).isGreaterThan(part.headStart());
                    end = part.start() + part.length();
                }
                assertThat(end).isLessThanOrEqualTo(cut);
                parts += found.size();
            }
            assertThat(body.readerIndex()).isZero();
        }
        assertThat(parts).as("sound mutants").isPositive();
    }

    private static String form(String parameter) {
        return "--b\r\nContent-Disposition: form-data; name=\"file\"; " + parameter + "\r\n\r\nx\r\n--b--";
    }

    private static String content(String body, Part part) {
        return new String(body.getBytes(UTF_8), part.start(), part.length(), UTF_8);
    }

    private static MultipartOutcome read(String body) {
        return read(body, "multipart/form-data; boundary=b", MultipartLimits.DEFAULTS);
    }

    /** Letters up to U+00FF that no UTF-8 needs stand for that byte. */
    private static MultipartOutcome read(String body, String type, MultipartLimits limits) {
        boolean broken = body.indexOf('\u00ff') >= 0 || body.indexOf('\u00f6') >= 0;
        return MultipartReader.read(Unpooled.wrappedBuffer(body.getBytes(broken ? ISO_8859_1 : UTF_8)), boundary(type),
                limits);
    }

    private static Boundary boundary(String type) {
        return requireNonNull(Boundary.of(requireNonNull(MediaType.parse(type))));
    }
}
