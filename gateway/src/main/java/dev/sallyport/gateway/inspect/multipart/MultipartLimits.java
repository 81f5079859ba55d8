package dev.sallyport.gateway.inspect.multipart;

/**
 * How large the pieces of one multipart body may be. Every limit is inclusive.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><th>name</th><th>default</th><th>unit</th><th>why</th></tr>
 * <tr><td>parts</td><td>16</td><td>parts</td><td>each costs the model a file or an object</td></tr>
 * <tr><td>headerBytes</td><td>4,096</td><td>bytes</td><td>of one part's header section; real ones have some 200</td></tr>
 * <tr><td>nameBytes</td><td>255</td><td>bytes</td><td>of a field's or a file's name; what file systems take</td></tr>
 * </table>
 */
public record MultipartLimits(int parts, int headerBytes, int nameBytes) {
    public static final MultipartLimits DEFAULTS = new MultipartLimits(16, 4_096, 255);

    public MultipartLimits {
        if (parts < 1 || headerBytes < 1 || nameBytes < 1) {
            throw new IllegalArgumentException("a limit is below 1");
        }
    }

    public MultipartLimits withParts(int most) {
        return new MultipartLimits(most, headerBytes, nameBytes);
    }
}
