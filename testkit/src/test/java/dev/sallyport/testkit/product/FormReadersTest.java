package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.gateway.inspect.media.MediaType;
import dev.sallyport.gateway.inspect.multipart.Boundary;
import dev.sallyport.gateway.inspect.multipart.MultipartLimits;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome;
import dev.sallyport.gateway.inspect.multipart.MultipartReader;
import dev.sallyport.gateway.inspect.multipart.Part;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Forms that the gateway passes, however they were tampered with, are the same forms to the readers that models use: as many parts, of the
 * same names, with the same contents. A reader that refuses one does no harm. Skipped by name where a reader is absent.
 */
final class FormReadersTest {
    private static final int FORMS = 3_000;
    private static final String FILE = "Content-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\n";
    private static final String FORM = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n5\r\n--b\r\n" + FILE
            + "Content-Type: image/png\r\n\r\nPNG\r\n--b\r\n" + FILE + "\r\nsecond\r\n--b--\r\n";
    private static final List<String> SPICES = List.of(
            "\r\n", "\n", "\r", "--b", "--b--", "--b\r\n", "\r\n--b", "--", " ", "\t", ";", "\"", "=", ":", "name",
            "filename",
            "filename*=utf-8''a%20b.png", "\r\n\r\n", "Content-Type: text/plain",
            "content-type: text/html; charset=utf-8",
            "Content-Disposition: form-data; name=\"x\"", "form-data", "%22", "\\", "'", "\u00e4", "\0", "; name=x",
            "; filename=y",
            "Content-Length: 1", "content-transfer-encoding: binary", "\f", "\u000b", "\u0085", "\u2028", ",", "%0d%0a",
            "*");

    /** Prints a line for each form that a reader sees differently. Percent signs are how browsers write quotes. */
    private static final String PYTHON = """
            import base64, sys
            def standard(body):
                import email, email.policy
                message = email.message_from_bytes(
                    b'Content-Type: multipart/form-data; boundary=b\\r\\n\\r\\n' + body, policy=email.policy.HTTP)
                text = lambda value: value if value is None else str(value).encode('utf-8', 'surrogateescape')
                return [(text(p.get_param('name', header='content-disposition')), text(p.get_filename()), p.get_payload(decode=True))
                        for p in message.get_payload()]
            def starlette(body):
                from python_multipart.multipart import MultipartParser, parse_options_header
                parts, field, value, data, fields = [], bytearray(), bytearray(), bytearray(), {}
                def header():
                    fields[bytes(field).lower()] = bytes(value)
                    field.clear(); value.clear()
                def part():
                    options = parse_options_header(fields.get(b'content-disposition', b''))[1]
                    parts.append((options.get(b'name'), options.get(b'filename'), bytes(data)))
                    data.clear(); fields.clear()
                parser = MultipartParser(b'b', dict(
                    on_header_field=lambda b, s, e: field.extend(b[s:e]), on_header_value=lambda b, s, e: value.extend(b[s:e]),
                    on_header_end=header, on_part_data=lambda b, s, e: data.extend(b[s:e]), on_part_end=part))
                parser.write(body); parser.finalize()
                return parts
            def werkzeug(body):
                from werkzeug.sansio.multipart import MultipartDecoder, Field, File, Data, Epilogue
                decoder, parts, event = MultipartDecoder(b'b'), [], None
                decoder.receive_data(body); decoder.receive_data(None)
                while not isinstance(event, Epilogue):
                    event = decoder.next_event()
                    if isinstance(event, (Field, File)):
                        name = getattr(event, 'filename', None)
                        parts.append([event.name.encode(), name and name.encode(), b''])
                    elif isinstance(event, Data):
                        parts[-1][2] += event.data
                return [tuple(part) for part in parts]
            reader, seen = globals()[sys.argv[1]], 0
            plain = lambda parts: [tuple(x if x is None else x.replace(b'%22', b'"') for x in p) for p in parts]
            for line in open(sys.argv[2]):
                words = [base64.b64decode(word[1:]) if word != '-' else None for word in line.split()]
                ours = list(zip(words[1::3], words[2::3], words[3::3]))
                try:
                    theirs = reader(words[0])
                except ImportError:
                    sys.exit(3)
                except Exception:
                    continue
                seen += 1
                if plain(theirs) != plain(ours):
                    print(words[0], ours, theirs)
            print(seen)
            """;

    @TempDir
    private Path directory;

    @Test
    void pythonsStandardLibrary() throws Exception {
        readsTheSame("standard");
    }

    @Test
    void starlettesReader() throws Exception {
        readsTheSame("starlette");
    }

    @Test
    void werkzeugsReader() throws Exception {
        readsTheSame("werkzeug");
    }

    private void readsTheSame(String reader) throws Exception {
        @Nullable InstalledTool python = InstalledTool.find("python3");
        assumeTrue(python != null, "skipped: python3 is not installed");
        Path forms = Files.write(directory.resolve("forms"), tampered());
        Path script = Files.writeString(directory.resolve("readers.py"), PYTHON, UTF_8);

        InstalledTool.Run run = requireNonNull(python).run("", script.toString(), reader, forms.toString());

        assumeTrue(run.exitCode() != 3, "skipped: Python has no reader of " + reader);
        assertThat(run.text().lines().toList()).as(run.text()).hasSize(1);
        assertThat(Integer.parseInt(run.text().strip())).as("forms that the reader takes").isGreaterThan(FORMS / 2);
    }

    /** Forms that pass, and what they hold: the body, then name, file name and content of each part, in base64 behind a full stop. */
    private static List<String> tampered() {
        Boundary boundary =
                requireNonNull(Boundary.of(requireNonNull(MediaType.parse("multipart/form-data; boundary=b"))));
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>();
        while (lines.size() < FORMS) {
            byte[] body = tampered(random).getBytes(UTF_8);
            if (MultipartReader.read(Unpooled.wrappedBuffer(body), boundary,
                    MultipartLimits.DEFAULTS) instanceof MultipartOutcome.Parts(List<Part> parts)) {
                lines.add(word(body) + parts.stream().map(part -> " " + word(part.name().getBytes(UTF_8)) + " "
                        + (part.fileName() == null ? "-" : word(part.fileName().getBytes(UTF_8))) + " "
                        + word(Arrays.copyOfRange(body, part.start(), part.start() + part.length())))
                        .collect(Collectors.joining()));
            }
        }
        return lines;
    }

    private static String tampered(SplittableRandom random) {
        StringBuilder form = new StringBuilder(FORM);
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            int at = random.nextInt(form.length());
            switch (random.nextInt(4)) {
                case 0 -> form.deleteCharAt(at);
                case 1 -> form.insert(at, SPICES.get(random.nextInt(SPICES.size())));
                case 2 -> form.replace(at, Math.min(form.length(), at + random.nextInt(1, 6)),
                        SPICES.get(random.nextInt(SPICES.size())));
                default -> form.setCharAt(at, (char) random.nextInt(128));
            }
        }
        return form.toString();
    }

    private static String word(byte[] bytes) {
        return "." + Base64.getEncoder().encodeToString(bytes);
    }
}
