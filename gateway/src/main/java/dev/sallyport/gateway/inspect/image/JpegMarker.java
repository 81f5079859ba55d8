package dev.sallyport.gateway.inspect.image;

/** The second octets of JPEG's markers. ITU-T T.81, table B.1. */
final class JpegMarker {
    static final int PREFIX = 0xff;
    static final int TEMPORARY = 0x01;
    static final int FIRST_FRAME = 0xc0;
    static final int LAST_FRAME = 0xcf;
    static final int HUFFMAN_TABLES = 0xc4;
    static final int FRAME_EXTENSION = 0xc8;
    static final int ARITHMETIC_CONDITIONING = 0xcc;
    static final int FIRST_RESTART = 0xd0;
    static final int LAST_RESTART = 0xd7;
    static final int START_OF_IMAGE = 0xd8;
    static final int END_OF_IMAGE = 0xd9;
    static final int START_OF_SCAN = 0xda;
    static final int QUANTIZATION_TABLES = 0xdb;
    static final int NUMBER_OF_LINES = 0xdc;
    static final int RESTART_INTERVAL = 0xdd;
    static final int HIERARCHY = 0xde;
    static final int EXPANSION = 0xdf;
    static final int FIRST_APPLICATION = 0xe0;
    static final int LAST_APPLICATION = 0xef;
    static final int COMMENT = 0xfe;

    private JpegMarker() {}

    /** SOF0 to SOF15: those that begin a frame. */
    static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME && marker <= LAST_FRAME && marker != HUFFMAN_TABLES && marker != FRAME_EXTENSION
                && marker != ARITHMETIC_CONDITIONING;
    }

    /** SOF5 to SOF7 and SOF13 to SOF15: differences to a smaller picture, and DHP and EXP around them. */
    static boolean isHierarchical(int marker) {
        return marker == HIERARCHY || marker == EXPANSION || isFrame(marker) && (marker & 4) != 0;
    }

    static boolean isRestart(int marker) {
        return marker >= FIRST_RESTART && marker <= LAST_RESTART;
    }

    static boolean isApplication(int marker) {
        return marker >= FIRST_APPLICATION && marker <= LAST_APPLICATION;
    }
}
