package dev.sallyport.gateway.inspect;

import static dev.sallyport.gateway.inspect.ContentRefusals.malformed;
import static dev.sallyport.gateway.inspect.ContentRefusals.mismatch;
import static dev.sallyport.gateway.inspect.ContentRefusals.notAccepted;

import dev.sallyport.gateway.inspect.Finding.Sound;
import dev.sallyport.gateway.inspect.media.MediaType;
import dev.sallyport.gateway.inspect.media.Signature;
import dev.sallyport.gateway.inspect.multipart.Boundary;
import dev.sallyport.gateway.inspect.multipart.MultipartOutcome;
import dev.sallyport.gateway.inspect.multipart.MultipartReader;
import dev.sallyport.gateway.inspect.multipart.Part;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at forms: their parts, and each part's content by its own type. A file counts as one instance at least, a plain field as
 * none. A part that names no type, or one that says nothing, is taken for what it begins like, as the model would.
 */
final class FormInspector {
    private static final MediaType TEXT = new MediaType("text/plain", Map.of());
    private static final MediaType BYTES = new MediaType("application/octet-stream", Map.of());
    private static final MediaType JSON = new MediaType("application/json", Map.of());

    private final MediaRanges accepts;
    private final MultipartRule rule;
    private final ContentInspector contents;

    FormInspector(MediaRanges accepts, MultipartRule rule, ContentInspector contents) {
        this.accepts = accepts;
        this.rule = rule;
        this.contents = contents;
    }

    Finding inspect(Boundary boundary, String path, ByteBuf body) {
        return switch (MultipartReader.read(body, boundary, rule.limits())) {
            case MultipartOutcome.Malformed(String part, String what) -> malformed(part, what);
            case MultipartOutcome.TooLarge(String part, String what, long limit) ->
                    ContentRefusals.tooLarge(part, what, limit);
            case MultipartOutcome.Parts(List<Part> parts) -> parts(parts, path, body);
        };
    }

    private Finding parts(List<Part> parts, String path, ByteBuf body) {
        long instances = 0;
        long pixels = 0;
        FormRewrite rewrite = new FormRewrite(body);
        for (Part part : parts) {
            ByteBuf content = body.slice(body.readerIndex() + part.start(), part.length());
            switch (part(part, path, content)) {
                case Sound(long asked, long shown, @Nullable ByteBuf rewritten) -> {
                    instances += part.isFile() ? Math.max(1, asked) : asked;
                    pixels += shown;
                    if (rewritten != null) {
                        rewrite.replace(part, rewritten);
                    }
                }
                case Finding.Unsound unsound -> {
                    rewrite.release();
                    return unsound;
                }
            }
        }
        return new Sound(instances, pixels, rewrite.finish());
    }

    private Finding part(Part part, String path, ByteBuf content) {
        if (!rule.names().isEmpty() && !rule.names().contains(part.name())) {
            return malformed(part.shown(), "no field of this name is allowed");
        }
        MediaType declared = part.type();
        if (declared == null && !part.isFile()) {
            return field(part, content);
        }
        MediaType type = declared == null || declared.isGeneric() ? guessed(declared, content) : declared;
        boolean plainField = !part.isFile() && type.essence().equals("text/plain");
        if (!plainField && !accepts.allow(type.essence())) {
            return declared == null || declared.isGeneric()
                    ? notAccepted(part.shown(), accepts,
                            "its content, which begins like " + type.essence() + ", is not accepted")
                    : notAccepted(part.shown(), accepts, "its Content-Type is not accepted");
        }
        return plainField ? field(part, content) : contents.single(type, path, content, part.shown());
    }

    /** What a content is whose declared type does not say it. */
    private MediaType guessed(@Nullable MediaType declared, ByteBuf content) {
        Signature signature = Signature.of(content);
        if (signature != null && !signature.isMarkup()) {
            return new MediaType(signature.mediaType(), Map.of());
        }
        if (Signature.looksLikeJson(content) && accepts.allow(JSON.essence())) {
            return JSON;
        }
        return declared == null && accepts.allow(TEXT.essence()) ? TEXT : BYTES;
    }

    /** Looks at a plain field: text alone, so that no file is passed under its name. */
    private static Finding field(Part part, ByteBuf content) {
        Signature signature = Signature.of(content);
        if (signature != null && !signature.isMarkup()) {
            return mismatch(part.shown(), "a plain field", signature.mediaType());
        }
        boolean binary = content.forEachByte(ByteProcessor.FIND_NUL) >= 0;
        return binary ? mismatch(part.shown(), "a plain field", "binary data") : Sound.NONE;
    }
}
