package dev.sallyport.gateway.inspect.image;

import dev.sallyport.gateway.inspect.image.Defect.Kind;

/** Ends the descent into a picture; {@link PictureReader} turns it into its {@link Defect}. Without stack. */
final class DefectFound extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Defect defect;

    DefectFound(Kind kind, String text, long offset) {
        super(text, null, false, false);
        defect = new Defect(kind, text, offset);
    }

    static DefectFound malformed(String text, long offset) {
        return new DefectFound(Kind.MALFORMED, text, offset);
    }

    static DefectFound truncated(String part, long offset) {
        return new DefectFound(Kind.TRUNCATED, "The body ends within " + part + ".", offset);
    }

    static DefectFound unsupported(String text, long offset) {
        return new DefectFound(Kind.UNSUPPORTED, text, offset);
    }

    Defect defect() {
        return defect;
    }
}
