package dev.sallyport.bench;

import dev.sallyport.gateway.inspect.image.Defect;
import dev.sallyport.gateway.inspect.image.Picture;
import dev.sallyport.gateway.inspect.image.PictureLimits;
import dev.sallyport.gateway.inspect.image.PictureOutcome;
import dev.sallyport.gateway.inspect.image.PictureReader;
import dev.sallyport.gateway.inspect.image.PictureStripper;
import dev.sallyport.gateway.inspect.image.StripOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to read a picture's structure, and to take its metadata out, in pieces of 8 KiB as it comes from a socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PictureBenchmark {
    private static final PictureLimits LIMITS = new PictureLimits(50_000_000, 1);
    private static final int PIECE_BYTES = 8_192;
    private static final byte[] COMMENT = {(byte) 0xff, (byte) 0xfe, 0, 10, 'a', ' ', 'g', 'a', 'r', 'd', 'e', 'n'};

    /** About 50, 750 and 500 kB. */
    @Param({"jpg 360x270", "jpg 1600x1200", "png 480x360"})
    public String kind = "jpg 360x270";

    private ByteBuf body = Unpooled.EMPTY_BUFFER;

    @Setup
    public void make() throws IOException {
        String format = kind.substring(0, 3);
        int width = Integer.parseInt(kind.substring(4, kind.indexOf('x')));
        int height = Integer.parseInt(kind.substring(kind.indexOf('x') + 1));
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        ImageIO.write(noise(width, height), format, target);
        byte[] picture = target.toByteArray();
        CompositeByteBuf pieces = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        if (format.equals("jpg")) {
            pieces.addComponent(true, Unpooled.wrappedBuffer(picture, 0, 2));
            pieces.addComponent(true, Unpooled.wrappedBuffer(COMMENT));
        }
        for (int at = format.equals("jpg") ? 2 : 0; at < picture.length; at += PIECE_BYTES) {
            int count = Math.min(PIECE_BYTES, picture.length - at);
            pieces.addComponent(true, Unpooled.directBuffer(count).writeBytes(picture, at, count));
        }
        body = pieces;
        if (!(PictureReader.read(body, LIMITS) instanceof Picture)) {
            throw new IllegalStateException(PictureReader.read(body, LIMITS).toString());
        }
    }

    @Benchmark
    public PictureOutcome read() {
        return PictureReader.read(body, LIMITS);
    }

    @Benchmark
    public int readAndStrip() {
        return switch (PictureReader.read(body, LIMITS)) {
            case Picture picture -> strip(picture);
            case Defect defect -> throw new IllegalStateException(defect.text());
        };
    }

    private int strip(Picture picture) {
        if (PictureStripper.strip(body, picture) instanceof StripOutcome.Stripped(ByteBuf stripped)) {
            int bytes = stripped.readableBytes();
            stripped.release();
            return bytes;
        }
        return 0;
    }

    private static BufferedImage noise(int width, int height) {
        Random random = new Random(1);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                int grey = (x * 3 + y * 5 + random.nextInt(60)) & 0xff;
                image.setRGB(x, y, grey << 16 | (255 - grey) << 8 | random.nextInt(30));
            }
        }
        return image;
    }
}
