package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

/** Reads GIF87a and GIF89a: every block and sub-block up to the trailer, and nothing behind it. */
final class GifReader {
    static final int IMAGE = 0x2c;
    static final int EXTENSION = 0x21;
    static final int TRAILER = 0x3b;
    static final int HEADER_BYTES = 13;
    static final int IMAGE_BYTES = 10;
    static final int CONTROL_LABEL = 0xf9;
    static final int COMMENT_LABEL = 0xfe;
    static final int PLAIN_TEXT_LABEL = 0x01;
    static final int APPLICATION_LABEL = 0xff;

    private static final int CODE_SIZE_MAX = 11;
    private static final int OPERATOR_AT = Signatures.GIF_89.length;

    private final Bytes bytes;
    private final Tally tally;
    private final SecondFormat secondFormat;

    private int at;
    private int width;
    private int height;
    private int bits;
    private int frames;
    private boolean metadata;

    private GifReader(Bytes bytes, Tally tally, SecondFormat secondFormat) {
        this.bytes = bytes.littleEndian();
        this.tally = tally;
        this.secondFormat = secondFormat;
    }

    static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        return new GifReader(bytes, tally, secondFormat).picture();
    }

    private Picture picture() throws DefectFound {
        bytes.need(0, HEADER_BYTES, "the header");
        script();
        width = bytes.shortAt(6);
        height = bytes.shortAt(8);
        int flags = bytes.byteAt(10);
        at = HEADER_BYTES;
        bits = colourTable(flags);
        while (true) {
            bytes.need(at, 1, "the blocks");
            switch (bytes.byteAt(at)) {
                case IMAGE -> image();
                case EXTENSION -> extension();
                case TRAILER -> {
                    return end();
                }
                default -> throw malformed("A block begins with a byte that begins none.", at);
            }
        }
    }

    /** "GIF89a" is a name in JavaScript; what stands where the width should may make a statement of it. */
    private void script() throws DefectFound {
        secondFormat.commentOpening(OPERATOR_AT, bytes.length());
        int next = bytes.byteAt(OPERATOR_AT + 1);
        boolean assigned = next == '/' || next == '"' || next == '\'' || next == '`' || next == ' '
                || next >= '\t' && next <= '\r';
        if (bytes.byteAt(OPERATOR_AT) == '=' && assigned) {
            throw SecondFormat.scriptInHeader(OPERATOR_AT);
        }
    }

    /** Steps over the table of colours that {@code flags} tell of, and returns the bits of an index into it; 0: there is none. */
    private int colourTable(int flags) throws DefectFound {
        if ((flags & 0x80) == 0) {
            return 0;
        }
        int size = (flags & 7) + 1;
        int count = 3 << size;
        bytes.need(at, count, "a table of colours");
        secondFormat.part(at, count);
        at += count;
        return size;
    }

    private void image() throws DefectFound {
        int start = at;
        bytes.need(at, IMAGE_BYTES, "an image's descriptor");
        int imageWidth = bytes.shortAt(at + 5);
        int imageHeight = bytes.shortAt(at + 7);
        if (imageWidth == 0 || imageHeight == 0) {
            throw malformed("An image has no width or no height.", at);
        }
        // Decoders let the canvas grow to what an image needs.
        width = Math.max(width, bytes.shortAt(at + 1) + imageWidth);
        height = Math.max(height, bytes.shortAt(at + 3) + imageHeight);
        int flags = bytes.byteAt(at + 9);
        at += IMAGE_BYTES;
        int local = colourTable(flags);
        if (frames == 0 && local > 0) {
            bits = local;
        }
        bytes.need(at, 1, "an image's data");
        int codeSize = bytes.byteAt(at);
        if (codeSize < 1 || codeSize > CODE_SIZE_MAX) {
            throw malformed("The first code size of an image's data is not from 1 to 11.", at);
        }
        at++;
        if (subBlocks() == 0) {
            throw malformed("An image has no data.", at);
        }
        frames++;
        tally.canvas(width, height, frames, start);
    }

    private void extension() throws DefectFound {
        bytes.need(at, 2, "an extension");
        int label = bytes.byteAt(at + 1);
        at += 2;
        int start = at;
        switch (label) {
            case CONTROL_LABEL -> control();
            case COMMENT_LABEL -> {
                subBlocks();
                metadata = true;
                tally.part(start);
                secondFormat.text(start + 1, at - start - 1);
            }
            default -> { // application and plain text, and labels that nobody has given a meaning
                metadata |= !GifApplication.isKept(bytes, label, start);
                subBlocks();
                tally.part(start);
                secondFormat.text(start + 1, at - start - 1);
            }
        }
    }

    private void control() throws DefectFound {
        int start = at;
        if (subBlocks() != 4 || at - start != 6) {
            throw malformed("A graphic control extension does not have four bytes.", start);
        }
    }

    /** Steps over sub-blocks and their terminator, and returns how many bytes of data they hold. */
    private int subBlocks() throws DefectFound {
        int count = 0;
        while (true) {
            bytes.need(at, 1, "a sub-block");
            int size = bytes.byteAt(at);
            at++;
            if (size == 0) {
                return count;
            }
            bytes.need(at, size, "a sub-block");
            at += size;
            count += size;
        }
    }

    private Picture end() throws DefectFound {
        if (frames == 0) {
            throw malformed("The picture has no image.", at);
        }
        if (at + 1 < bytes.length()) {
            throw secondFormat.behind(at + 1);
        }
        return new Picture(ImageFormat.GIF, width, height, frames, bits == 0 ? 8 : bits, tally.pixels(), metadata);
    }
}
