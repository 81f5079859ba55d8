package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

/**
 * The header of a JPEG's frame. ITU-T T.81, section B.2.2.
 *
 * @param height lines; 0: said behind the first scan
 * @param start  where the parameters of its components begin
 */
record JpegFrame(int marker, int precision, int width, int height, int components, int start) {
    private static final int HEADER_BYTES = 6;
    private static final int COMPONENT_BYTES = 3;
    private static final int COMPONENTS_MAX = 4;
    private static final int SAMPLING_MAX = 4;
    private static final int COEFFICIENT_MAX = 63;
    private static final int PROGRESSIVE = 2;
    private static final int LOSSLESS = 3;

    static JpegFrame read(Bytes bytes, int marker, int start, int count) throws DefectFound {
        if (count < HEADER_BYTES || count != HEADER_BYTES + COMPONENT_BYTES * bytes.byteAt(start + 5)) {
            throw malformed("The frame header has a wrong length.", start);
        }
        JpegFrame frame = new JpegFrame(marker, bytes.byteAt(start), bytes.shortAt(start + 3), bytes.shortAt(start + 1),
                bytes.byteAt(start + 5), start + HEADER_BYTES);
        if (frame.width == 0 || !frame.isPrecise()) {
            throw malformed("The frame header has a width or a precision that does not exist.", start);
        }
        if (frame.components == 0 || frame.components > COMPONENTS_MAX) {
            throw DefectFound.unsupported("The frame header has " + frame.components + " components.", start + 5);
        }
        frame.checkComponents(bytes);
        return frame;
    }

    /** Table B.2. */
    private boolean isPrecise() {
        return switch (marker & 3) {
            case 0 -> precision == 8 || marker != JpegMarker.FIRST_FRAME && precision == 12;
            case LOSSLESS -> precision >= 2 && precision <= 16;
            default -> precision == 8 || precision == 12; // extended or progressive
        };
    }

    private void checkComponents(Bytes bytes) throws DefectFound {
        for (int i = 0; i < components; i++) {
            int at = start + i * COMPONENT_BYTES;
            int horizontal = bytes.byteAt(at + 1) >>> 4;
            int vertical = bytes.byteAt(at + 1) & 15;
            if (horizontal < 1 || horizontal > SAMPLING_MAX || vertical < 1 || vertical > SAMPLING_MAX
                    || bytes.byteAt(at + 2) > 3 || component(bytes, bytes.byteAt(at)) != i) {
                throw malformed("A component in the frame header is repeated, or has factors that do not exist.", at);
            }
        }
    }

    /** The place of the component with this identifier; -1: none has it. */
    private int component(Bytes bytes, int identifier) {
        for (int i = 0; i < components; i++) {
            if (bytes.byteAt(start + i * COMPONENT_BYTES) == identifier) {
                return i;
            }
        }
        return -1;
    }

    /** Checks the scan header whose parameters are the {@code count} bytes at {@code at} (section B.2.3). */
    void checkScan(Bytes bytes, int at, int count) throws DefectFound {
        int selected = count == 0 ? 0 : bytes.byteAt(at);
        if (selected < 1 || selected > components || count != 4 + 2 * selected) {
            throw malformed("A scan header has a wrong length.", at);
        }
        int last = -1;
        for (int i = 0; i < selected; i++) {
            int component = component(bytes, bytes.byteAt(at + 1 + 2 * i));
            if (component <= last) {
                throw malformed("A scan header selects components that do not exist, or not in their order.", at);
            }
            last = component;
        }
        int spectral = at + 1 + 2 * selected;
        int first = bytes.byteAt(spectral);
        int end = bytes.byteAt(spectral + 1);
        boolean progressive = (marker & 3) == PROGRESSIVE;
        boolean exists = (marker & 3) == LOSSLESS || end <= COEFFICIENT_MAX && first <= end
                && (!progressive || (first == 0) == (end == 0));
        if (!exists) {
            throw malformed("A scan header selects coefficients that do not exist.", spectral);
        }
    }

    JpegFrame withHeight(int lines) {
        return new JpegFrame(marker, precision, width, lines, components, start);
    }

    int bitsPerPixel() {
        return precision * components;
    }
}
