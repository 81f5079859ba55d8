package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Reads PNG and APNG (PNG, third edition): every chunk's length, order and checksum, and nothing behind the last. */
final class PngReader {
    static final int CHUNK_BYTES = 12;
    static final int HEADER_END = Signatures.PNG.length + CHUNK_BYTES + 13;

    private static final int SIDE_MAX = Integer.MAX_VALUE;
    private static final int PALETTE_BYTES_MAX = 3 * 256;
    private static final int INDEXED = 3;
    /** By colour type: the depths allowed, one bit each. Section 11.2.1, table 12. */
    private static final int[] DEPTHS =
            {1 | 1 << 1 | 1 << 3 | 1 << 7 | 1 << 15, 0, 1 << 7 | 1 << 15, 1 | 1 << 1 | 1 << 3 | 1 << 7,
                1 << 7 | 1 << 15, 0, 1 << 7 | 1 << 15};
    private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4};

    private final Bytes bytes;
    private final Tally tally;
    private final SecondFormat secondFormat;
    private final CRC32 checksum = new CRC32();

    private long width;
    private long height;
    private int depth;
    private int colourType;
    private boolean paletteSeen;
    private boolean transparencySeen;
    private boolean pixelsSeen;
    private boolean pixelsEnded;
    private boolean metadata;
    private @Nullable PngAnimation animation;

    private PngReader(Bytes bytes, Tally tally, SecondFormat secondFormat) {
        this.bytes = bytes;
        this.tally = tally;
        this.secondFormat = secondFormat;
    }

    static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        return new PngReader(bytes, tally, secondFormat).picture();
    }

    private Picture picture() throws DefectFound {
        int at = Signatures.PNG.length;
        header(at);
        at = HEADER_END;
        while (true) {
            bytes.need(at, CHUNK_BYTES, "a chunk's header");
            int count = length(at);
            int type = (int) bytes.intAt(at + 4);
            if (type == PngChunk.IEND) {
                return end(at, count);
            }
            chunk(type, at, count);
            at += CHUNK_BYTES + count;
        }
    }

    /** The length of the chunk at {@code at}, whose header is there, once all of it is known to be there. */
    private int length(int at) throws DefectFound {
        long count = bytes.intAt(at);
        int type = (int) bytes.intAt(at + 4);
        if (!PngChunk.isName(type)) {
            throw malformed("A chunk's type is not four letters, the third a capital.", at + 4);
        }
        if (count > Integer.MAX_VALUE) {
            throw malformed("The length of chunk " + PngChunk.name(type) + " is over 2147483647.", at);
        }
        bytes.need(at, CHUNK_BYTES + count, "chunk " + PngChunk.name(type));
        checksum.reset();
        bytes.checksum(checksum, at + 4, (int) count + 4);
        if (checksum.getValue() != bytes.intAt(at + 8 + (int) count)) {
            throw malformed("The checksum of chunk " + PngChunk.name(type) + " is wrong.", at);
        }
        return (int) count;
    }

    private void header(int at) throws DefectFound {
        bytes.need(at, HEADER_END - Signatures.PNG.length, "chunk IHDR");
        if (bytes.intAt(at + 4) != PngChunk.IHDR || bytes.intAt(at) != 13) {
            throw malformed("The first chunk is not an IHDR of 13 bytes.", at);
        }
        length(at);
        width = bytes.intAt(at + 8);
        height = bytes.intAt(at + 12);
        depth = bytes.byteAt(at + 16);
        colourType = bytes.byteAt(at + 17);
        if (width < 1 || width > SIDE_MAX || height < 1 || height > SIDE_MAX) {
            throw malformed("The width or height in chunk IHDR is not from 1 to 2147483647.", at + 8);
        }
        if (colourType >= DEPTHS.length || depth < 1 || depth > 16 || (DEPTHS[colourType] & 1 << depth - 1) == 0) {
            throw malformed("The bit depth and colour type in chunk IHDR do not exist together.", at + 16);
        }
        if (bytes.byteAt(at + 18) != 0 || bytes.byteAt(at + 19) != 0 || bytes.byteAt(at + 20) > 1) {
            throw malformed("A compression, filter or interlace method in chunk IHDR does not exist.", at + 18);
        }
        tally.frame(width, height, at + 8);
    }

    private void chunk(int type, int at, int count) throws DefectFound {
        if (type != PngChunk.IDAT) {
            pixelsEnded = pixelsSeen;
        }
        switch (type) {
            case PngChunk.IDAT -> pixels(at, count);
            case PngChunk.PLTE -> palette(at, count);
            case PngChunk.TRNS -> transparency(at, count);
            case PngChunk.ACTL -> animate(at, count);
            case PngChunk.FCTL -> frame(at, count);
            case PngChunk.FDAT -> animated(at).data(at, count);
            default -> other(type, at, count); // any four letters may name a chunk
        }
    }

    private void pixels(int at, int count) throws DefectFound {
        if (pixelsEnded) {
            throw malformed("Another chunk stands between chunks IDAT.", at);
        }
        if (colourType == INDEXED && !paletteSeen) {
            throw malformed("Chunk PLTE is missing in front of chunk IDAT.", at);
        }
        if (!pixelsSeen && count >= 2 && (bytes.shortAt(at + 8) % 31 != 0 || (bytes.byteAt(at + 8) & 15) != 8)) {
            throw malformed("Chunk IDAT does not begin with a zlib header.", at + 8);
        }
        pixelsSeen = true;
        if (animation != null) {
            animation.defaultImage();
        }
    }

    private void palette(int at, int count) throws DefectFound {
        if (paletteSeen || pixelsSeen || transparencySeen || colourType == 0 || colourType == 4) {
            throw malformed("Chunk PLTE stands where none may.", at);
        }
        if (count == 0 || count % 3 != 0 || count > PALETTE_BYTES_MAX
                || colourType == INDEXED && count / 3 > 1 << depth) {
            throw malformed("Chunk PLTE has " + count + " bytes.", at);
        }
        paletteSeen = true;
        secondFormat.part(at + 8, count);
    }

    private void transparency(int at, int count) throws DefectFound {
        boolean fits = switch (colourType) {
            case 0 -> count == 2;
            case 2 -> count == 6;
            case INDEXED -> paletteSeen && count >= 1 && count <= 1 << depth;
            default -> false; // the others have an alpha channel
        };
        if (transparencySeen || pixelsSeen || !fits) {
            throw malformed("Chunk tRNS stands where none may, or has a wrong length.", at);
        }
        transparencySeen = true;
        secondFormat.part(at + 8, count);
    }

    private void animate(int at, int count) throws DefectFound {
        if (animation != null || pixelsSeen || count != 8) {
            throw malformed("Chunk acTL stands where none may, or has a wrong length.", at);
        }
        animation = new PngAnimation(bytes, tally, width, height, bytes.intAt(at + 8), at);
    }

    private void frame(int at, int count) throws DefectFound {
        animated(at).control(at, count, pixelsSeen);
    }

    private PngAnimation animated(int at) throws DefectFound {
        if (animation == null) {
            throw malformed("A chunk of an animation stands without chunk acTL in front.", at);
        }
        return animation;
    }

    private void other(int type, int at, int count) throws DefectFound {
        if (PngChunk.isCritical(type)) {
            throw malformed(
                    "Chunk " + PngChunk.name(type) + " is repeated, or one that every reader must know and none does.",
                    at);
        }
        tally.part(at);
        metadata |= !PngChunk.isKept(type)
                && !(type == PngChunk.EXIF && Exif.isOrientationOnly(bytes, at + 8, count));
        if (PngChunk.isText(bytes, type, at + 8, count)) {
            secondFormat.text(at + 8, count);
        } else if (PngChunk.mayHoldThumbnail(type)) {
            secondFormat.partWithThumbnail(at + 8, count);
        } else {
            secondFormat.part(at + 8, count);
        }
    }

    private Picture end(int at, int count) throws DefectFound {
        if (count != 0) {
            throw malformed("Chunk IEND is not empty.", at);
        }
        if (!pixelsSeen) {
            throw malformed("Chunk IDAT is missing.", at);
        }
        if (animation != null) {
            animation.end(at);
        }
        if (at + CHUNK_BYTES < bytes.length()) {
            throw secondFormat.behind(at + CHUNK_BYTES);
        }
        return new Picture(ImageFormat.PNG, width, height, tally.frames(), depth * CHANNELS[colourType], tally.pixels(),
                metadata);
    }
}
