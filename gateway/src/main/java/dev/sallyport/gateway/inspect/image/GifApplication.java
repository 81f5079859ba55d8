package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.Signatures.latin;

/** The extensions of a GIF that its looks depend on: how often an animation runs, the colour profile, text that is drawn. */
final class GifApplication {
    private static final byte[] LOOP = latin("\u000bNETSCAPE2.0\u0003\u0001");
    private static final byte[] OTHER_LOOP = latin("\u000bANIMEXTS1.0\u0003\u0001");
    private static final byte[] PROFILE = latin("\u000bICCRGBG1012");
    /** Behind the number of rounds, which has two bytes. */
    private static final int LOOP_END_AT = LOOP.length + 2;

    private GifApplication() {}

    /** Whether the extension with {@code label}, whose sub-blocks begin at {@code at}, stays when metadata is taken out. */
    static boolean isKept(Bytes bytes, int label, int at) {
        return switch (label) {
            case GifReader.CONTROL_LABEL, GifReader.PLAIN_TEXT_LABEL -> true;
            case GifReader.APPLICATION_LABEL -> bytes.matches(at, PROFILE)
                    || (bytes.matches(at, LOOP) || bytes.matches(at, OTHER_LOOP))
                            && bytes.has(at, LOOP_END_AT + 1) && bytes.byteAt(at + LOOP_END_AT) == 0;
            default -> false; // comments, and labels that nobody has given a meaning
        };
    }
}
