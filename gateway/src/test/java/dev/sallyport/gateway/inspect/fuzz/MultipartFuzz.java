package dev.sallyport.gateway.inspect.fuzz;

import dev.sallyport.gateway.inspect.media.MediaType;
import dev.sallyport.gateway.inspect.multipart.Boundary;
import dev.sallyport.gateway.inspect.multipart.MultipartLimits;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome;
import dev.sallyport.gateway.inspect.multipart.MultipartReader;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Any bytes as a Content-Type in the first line and a form behind it: the reader answers, with no more parts than are allowed. */
public final class MultipartFuzz {
    private MultipartFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int line = text.indexOf('\n');
        MediaType type = line < 0 ? null : MediaType.parse(text.substring(0, line));
        Boundary boundary = type == null ? null : Boundary.of(type);
        if (boundary == null) {
            return;
        }
        MultipartOutcome outcome = MultipartReader.read(
                Unpooled.wrappedBuffer(input, line + 1, input.length - line - 1), boundary, MultipartLimits.DEFAULTS);
        if (outcome instanceof MultipartOutcome.Parts(var parts)
                && (parts.isEmpty() || parts.size() > MultipartLimits.DEFAULTS.parts())) {
            throw new AssertionError(parts.size() + " parts");
        }
    }
}
