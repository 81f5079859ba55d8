package dev.sallyport.gateway.inspect.image;

/**
 * A field of a TIFF's directory. TIFF 6.0, section 2; BigTIFF's types as libtiff defines them.
 *
 * @param count   values
 * @param valueAt where its values stand, all within the body
 */
record TiffField(int tag, int type, long count, int valueAt) {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS_PER_SAMPLE = 258;
    static final int COMPRESSION = 259;
    static final int STRIP_OFFSETS = 273;
    static final int SAMPLES_PER_PIXEL = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTE_COUNTS = 279;
    static final int PLANAR_CONFIGURATION = 284;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTE_COUNTS = 325;
    static final int DIRECTORIES = 330;
    static final int EXIF_DIRECTORY = 34_665;
    static final int GPS_DIRECTORY = 34_853;
    static final int INTEROPERABILITY_DIRECTORY = 40_965;
    static final int PROFILE = 34_675;

    private static final int BYTE = 1;
    private static final int TEXT = 2;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int UNDEFINED = 7;
    private static final int DIRECTORY = 13;
    private static final int LONG_8 = 16;
    private static final int DIRECTORY_8 = 18;

    /** Bytes of one value; 0 for a type that does not exist, whose field readers step over. */
    static int valueBytes(int type) {
        return switch (type) {
            case BYTE, TEXT, 6, UNDEFINED -> 1;
            case SHORT, 8 -> 2;
            case LONG, 9, 11, DIRECTORY -> 4;
            case 5, 10, 12, LONG_8, 17, DIRECTORY_8 -> 8;
            default -> 0;
        };
    }

    boolean isText() {
        return type == TEXT;
    }

    boolean isOctets() {
        return type == BYTE || type == UNDEFINED;
    }

    /** Value number {@code i} as a number that is not negative; the field must have it. */
    long value(Bytes bytes, int i) throws DefectFound {
        if (i >= count) {
            throw DefectFound.malformed("Field " + tag + " has no value.", valueAt);
        }
        long value = switch (type) {
            case BYTE -> bytes.byteAt(valueAt + i);
            case SHORT -> bytes.shortAt(valueAt + 2 * i);
            case LONG, DIRECTORY -> bytes.intAt(valueAt + 4 * i);
            case LONG_8, DIRECTORY_8 -> bytes.longAt(valueAt + 8 * i);
            default -> throw DefectFound.malformed("Field " + tag + " has values of a wrong type.", valueAt);
        };
        if (value < 0) {
            throw DefectFound.malformed("Field " + tag + " has a value of 2^63 or more.", valueAt);
        }
        return value;
    }

    /** Whether it only says how the pixels are stored and look, so that it is no metadata. */
    boolean isStructural() {
        return switch (tag) {
            case 254, 255, WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, 262, 263, 264, 265, 266, STRIP_OFFSETS, 274,
                    SAMPLES_PER_PIXEL, ROWS_PER_STRIP, STRIP_BYTE_COUNTS, 280, 281, 282, 283, PLANAR_CONFIGURATION, 290,
                    291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS,
                    TILE_BYTE_COUNTS, DIRECTORIES, 332, 334, 336, 338, 339, 340, 341, 347, 529, 530, 531, 532,
                    PROFILE -> true;
            default -> false; // anybody may have a number of his own
        };
    }
}
