package dev.sallyport.gateway.inspect.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pictures that {@code make.py} made, and what their names say of them. */
final class Fixtures {
    static final PictureLimits AMPLE = new PictureLimits(50_000_000, 10);

    private static final Path DIRECTORY = Path.of("src/test/resources/inspect/image");

    private Fixtures() {}

    static List<String> names() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".py")).sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(DIRECTORY.resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static ImageFormat format(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "png" -> ImageFormat.PNG;
            case "jpg" -> ImageFormat.JPEG;
            case "gif" -> ImageFormat.GIF;
            case "webp" -> ImageFormat.WEBP;
            case "bmp" -> ImageFormat.BMP;
            case "tif" -> ImageFormat.TIFF;
            default -> throw new IllegalArgumentException(name);
        };
    }

    static long width(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('x')));
    }

    static long height(String name) {
        return Long.parseLong(name.substring(name.indexOf('x') + 1, name.indexOf('-')));
    }

    static int frames(String name) {
        return Integer.parseInt(name.split("-")[1]);
    }

    static int bitsPerPixel(String name) {
        return Integer.parseInt(name.split("-")[2]);
    }

    /** Zeros that the encoder put behind the last byte that it refers to. */
    static int paddingBytes(String name) {
        return name.contains("padded") ? 4 : 0;
    }

    static PictureOutcome read(byte[] body) {
        return read(body, AMPLE);
    }

    /** Reads, and proves that the buffer is as it was. */
    static PictureOutcome read(byte[] body, PictureLimits limits) {
        ByteBuf buffer = Unpooled.wrappedBuffer(body).asReadOnly();
        PictureOutcome outcome = PictureReader.read(buffer, limits);
        assertThat(buffer.readerIndex()).isZero();
        assertThat(buffer.readableBytes()).isEqualTo(body.length);
        assertThat(buffer.refCnt()).isEqualTo(1);
        return outcome;
    }

    static Picture picture(byte[] body) {
        PictureOutcome outcome = read(body);
        assertThat(outcome).isInstanceOf(Picture.class);
        return (Picture) outcome;
    }

    static Defect defect(byte[] body) {
        return defect(body, AMPLE);
    }

    static Defect defect(byte[] body, PictureLimits limits) {
        PictureOutcome outcome = read(body, limits);
        assertThat(outcome).isInstanceOf(Defect.class);
        return (Defect) outcome;
    }

    /** {@code body} behind other bytes, cut into pieces of {@code pieceBytes}, half of them outside of the heap. */
    static ByteBuf pieces(byte[] body, int pieceBytes) {
        CompositeByteBuf pieces = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        pieces.addComponent(true, Unpooled.wrappedBuffer(new byte[]{1, 2, 3}));
        boolean direct = false;
        for (int at = 0; at < body.length; at += pieceBytes) {
            int count = Math.min(pieceBytes, body.length - at);
            ByteBuf piece = direct ? Unpooled.directBuffer(count) : Unpooled.buffer(count);
            pieces.addComponent(true, piece.writeBytes(body, at, count));
            direct = !direct;
        }
        return pieces.skipBytes(3);
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] joined(byte[]... parts) {
        ByteBuf all = Unpooled.wrappedBuffer(parts);
        byte[] joined = new byte[all.readableBytes()];
        all.readBytes(joined);
        return joined;
    }

    /** A copy of {@code body} in which {@code values} stand from {@code at} on. */
    static byte[] with(byte[] body, int at, int... values) {
        byte[] changed = body.clone();
        for (int i = 0; i < values.length; i++) {
            changed[at + i] = (byte) values[i];
        }
        return changed;
    }

    /** A copy of {@code body} with {@code inserted} in front of what stands at {@code at}. */
    static byte[] inserted(byte[] body, int at, byte[] inserted) {
        byte[] changed = new byte[body.length + inserted.length];
        System.arraycopy(body, 0, changed, 0, at);
        System.arraycopy(inserted, 0, changed, at, inserted.length);
        System.arraycopy(body, at, changed, at + inserted.length, body.length - at);
        return changed;
    }
}
