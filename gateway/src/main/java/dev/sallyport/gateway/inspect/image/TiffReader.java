package dev.sallyport.gateway.inspect.image;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads TIFF 6.0 and BigTIFF: every directory that the header leads to, each image's strips or tiles, and that nothing lies
 * behind the last byte that any of them refers to. Each directory with an image is a frame.
 */
final class TiffReader {
    private static final int DEPTH_MAX = 3;

    private final TiffFile file;
    private final Tally tally;

    private @Nullable TiffDirectory first;
    private boolean metadata;

    private TiffReader(TiffFile file, Tally tally) {
        this.file = file;
        this.tally = tally;
    }

    static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        TiffFile file = TiffFile.of(bytes, secondFormat);
        return new TiffReader(file, tally).picture();
    }

    private Picture picture() throws DefectFound {
        chain(file.offset(file.firstDirectoryAt()), 0);
        TiffDirectory image = first;
        if (image == null) {
            throw DefectFound.malformed("The picture has no directory.", file.firstDirectoryAt());
        }
        file.end();
        return new Picture(ImageFormat.TIFF, image.width(), image.height(), tally.frames(), image.bitsPerPixel(),
                tally.pixels(), metadata);
    }

    /** Reads the directory at {@code start} and all that follow it. A chain that leads back is noticed as Brent's algorithm does. */
    private void chain(long start, int depth) throws DefectFound {
        long remembered = 0;
        int steps = 0;
        int stepsMax = 1;
        for (long offset = start; offset != 0;) {
            if (offset == remembered) {
                throw DefectFound.malformed("The directories lead in a circle.", offset);
            }
            if (steps++ == stepsMax) {
                stepsMax *= 2;
                steps = 0;
            }
            if (steps == 0 || remembered == 0) {
                remembered = offset;
            }
            offset = image(offset, depth);
        }
    }

    private long image(long offset, int depth) throws DefectFound {
        TiffDirectory directory = TiffDirectory.read(file, offset);
        if (first == null) {
            first = directory;
        }
        metadata |= directory.metadata();
        directory.image(tally);
        TiffField images = directory.directories();
        if (images != null) {
            file.read(images.count() * TiffField.valueBytes(images.type()), images.valueAt());
            for (int i = 0; i < images.count(); i++) {
                chain(images.value(file.bytes(), i), deeper(depth, images));
            }
        }
        further(directory, depth);
        return directory.next();
    }

    private void further(TiffDirectory directory, int depth) throws DefectFound {
        for (TiffField field : directory.furtherFields()) {
            if (field != null) {
                int below = deeper(depth, field);
                tally.part(field.valueAt());
                further(TiffDirectory.read(file, field.value(file.bytes(), 0)), below);
            }
        }
    }

    private static int deeper(int depth, TiffField field) throws DefectFound {
        if (depth == DEPTH_MAX) {
            throw new DefectFound(Kind.TOO_MANY_PARTS,
                    "Directories lie more than " + DEPTH_MAX + " deep in each other.",
                    field.valueAt());
        }
        return depth + 1;
    }
}
