package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 messages off a stream, trusting the sender: for tests on both sides of a gateway. */
final class MessageReader {
    private static final int BUFFER_BYTES = 64 << 10;

    /** A body and what came behind it. */
    record Body(byte[] bytes, List<Field> trailers) {}

    private final InputStream input;

    MessageReader(InputStream input) {
        this.input = input;
    }

    /** The first line of the next message; null when the sender closed instead. */
    @Nullable
    String firstLine() throws IOException {
        int first = input.read();
        return first < 0 ? null : (char) first + line();
    }

    List<Field> fields() throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            fields.add(new Field(field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip()));
        }
        return fields;
    }

    /**
     * The body that {@code fields} announce.
     *
     * @param untilClosed whether, without a length, the body goes on until the sender closes
     * @param progress    told the size of each part as it comes
     */
    Body body(List<Field> fields, boolean untilClosed, IntConsumer progress) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List<Field> trailers = List.of();
        String length = Field.first(fields, "content-length");
        if ("chunked".equals(Field.first(fields, "transfer-encoding"))) {
            for (long size = chunkSize(); size > 0; size = chunkSize()) {
                copy(size, whole, progress);
                line();
            }
            trailers = fields();
        } else if (length != null) {
            copy(Long.parseLong(length), whole, progress);
        } else if (untilClosed) {
            input.transferTo(whole);
        }
        return new Body(whole.toByteArray(), trailers);
    }

    /** The next chunk of a chunked body; empty at its end. */
    String chunk() throws IOException {
        long size = chunkSize();
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        copy(size, chunk, bytes -> {});
        line();
        return chunk.toString(ISO_8859_1);
    }

    private long chunkSize() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        return Long.parseLong(extension < 0 ? line : line.substring(0, extension), 16);
    }

    private void copy(long length, ByteArrayOutputStream whole, IntConsumer progress) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long rest = length; rest > 0;) {
            int read = input.read(buffer, 0, (int) Math.min(rest, buffer.length));
            if (read < 0) {
                throw new EOFException("the body ended " + rest + " bytes early");
            }
            progress.accept(read);
            whole.write(buffer, 0, read);
            rest -= read;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("the line ended early: " + line);
            }
            line.append((char) next);
        }
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
    }
}
