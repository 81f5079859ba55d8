package dev.sallyport.gateway.inspect.image;

/** The types of a WebP's chunks as numbers: four letters, the first one's least significant. */
final class WebpChunk {
    static final int VP8 = 0x20385056;
    static final int VP8L = 0x4c385056;
    static final int VP8X = 0x58385056;
    static final int ALPH = 0x48504c41;
    static final int ANIM = 0x4d494e41;
    static final int ANMF = 0x464d4e41;
    static final int ICCP = 0x50434349;
    static final int EXIF = 0x46495845;
    static final int XMP = 0x20504d58;
    static final int C2PA = 0x41503243;

    private WebpChunk() {}

    /** Whether the pixels' looks depend on it, so that it stays when metadata is taken out. */
    static boolean isKept(int type) {
        return switch (type) {
            case VP8, VP8L, VP8X, ALPH, ANIM, ANMF, ICCP -> true;
            default -> false; // any four characters may name a chunk
        };
    }
}
