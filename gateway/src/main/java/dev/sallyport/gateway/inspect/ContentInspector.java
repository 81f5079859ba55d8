package dev.sallyport.gateway.inspect;

import static dev.sallyport.gateway.inspect.ContentRefusals.mismatch;
import static dev.sallyport.gateway.inspect.ContentRefusals.notAccepted;
import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.inspect.Finding.Sound;
import dev.sallyport.gateway.inspect.coding.ContentCoding;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome;
import dev.sallyport.gateway.inspect.coding.Decoding;
import dev.sallyport.gateway.inspect.media.MediaType;
import dev.sallyport.gateway.inspect.media.Signature;
import dev.sallyport.gateway.inspect.multipart.Boundary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks inside of bodies, as one model's rule asks for it: undoes the content coding, compares what the content begins like
 * with what it is declared as, and hands it to the reader of its type. Holds no state; may be used on any thread.
 */
final class ContentInspector {
    private static final String BODY = "body";
    /** Up to so many bytes an event loop can look at without making other calls wait. */
    private static final long QUICK_BYTES_MAX = 256 << 10;

    private final MediaRanges accepts;
    private final ContentRule rule;
    private final boolean readsSomething;
    private final FormInspector forms;

    ContentInspector(MediaRanges accepts, ContentRule rule) {
        this.accepts = accepts;
        this.rule = rule;
        boolean readsForms = rule.multipart() != null && accepts.name("multipart/", "multipart/*");
        readsSomething = !accepts.ranges().isEmpty() && readsForms;
        forms = new FormInspector(accepts, rule.multipart() == null ? MultipartRule.DEFAULTS : rule.multipart(), this);
    }

    /**
     * Whether a body of this type must be seen whole. Where any type is read, others are compared with what they begin like
     * as well, else whoever declares another type would not be looked at. Messages of gRPC stream, and begin like nothing else.
     */
    boolean reads(Headers headers) {
        MediaType type = accepts.ranges().isEmpty() ? null : type(headers);
        return type != null && reads(type);
    }

    private boolean reads(MediaType type) {
        return !type.essence().startsWith("application/grpc") && (readsSomething || Signature.hasOne(type.essence()));
    }

    /** Why a body with these fields is refused before its first byte; null when it is not. */
    @Nullable
    Refusal refusal(Headers headers) {
        if (accepts.ranges().isEmpty()) {
            return null;
        }
        MediaType type = type(headers);
        if (type == null) {
            return ContentRefusals.malformed("Content-Type", "it is malformed, or repeats a parameter").refusal();
        }
        if (!reads(type)) {
            return null;
        }
        if (ContentCoding.of(headers.all("content-encoding")) == null) {
            return ContentRefusals.coding();
        }
        return declared(type, BODY);
    }

    /** Why a content declared as {@code type} cannot be read at all. */
    private @Nullable Refusal declared(MediaType type, String part) {
        if (type.isMultipart() && readsForms()) {
            if (!type.essence().equals("multipart/form-data")) {
                return notAccepted(part, accepts, "of the multipart types only multipart/form-data can be read").refusal();
            }
            return Boundary.of(type) != null ? null
                    : ContentRefusals.malformed("Content-Type", "its boundary is missing or malformed").refusal();
        }
        return null;
    }

    private boolean readsForms() {
        return rule.multipart() != null;
    }

    private static @Nullable MediaType type(Headers headers) {
        String field = headers.first("content-type");
        return field == null ? null : MediaType.parse(field);
    }

    private static List<ContentCoding> codings(Headers headers) {
        return requireNonNull(ContentCoding.of(headers.all("content-encoding")), "the coding is not known");
    }

    /** Whether looking at so long a body takes too long for an event loop. */
    boolean takesLong(Headers headers, int bytes) {
        List<ContentCoding> codings = codings(headers);
        boolean windows = codings.contains(ContentCoding.BR) || codings.contains(ContentCoding.ZSTD);
        return windows || (codings.isEmpty() ? bytes : rule.decoding().most(bytes)) > QUICK_BYTES_MAX;
    }

    /**
     * Looks at a whole body whose head was not refused.
     *
     * @param body read without moving its indices; the caller keeps ownership
     */
    Inspection inspect(Headers headers, ByteBuf body) {
        List<ContentCoding> codings = codings(headers);
        if (codings.isEmpty()) {
            ByteBuf content = contiguous(body);
            try {
                return inspected(headers, content);
            } finally {
                content.release();
            }
        }
        return switch (Decoding.decode(body, codings, rule.decoding())) {
            case DecodeOutcome.Decoded(ByteBuf decoded) -> {
                try {
                    yield inspected(headers, decoded);
                } finally {
                    decoded.release();
                }
            }
            case DecodeOutcome.TooLarge(long limit, boolean ratio) -> new Inspection(
                    ContentRefusals.tooLarge(BODY, "more than " + limit + " bytes come out of its coding, which is "
                            + (ratio ? rule.decoding().ratio() + " times its length" : "the limit"), limit), 0);
            case DecodeOutcome.Malformed(String what) -> new Inspection(ContentRefusals.malformed(BODY, what), 0);
        };
    }

    private Inspection inspected(Headers headers, ByteBuf content) {
        MediaType type = requireNonNull(type(headers), "the type is malformed");
        return new Inspection(content(type, content, BODY), content.readableBytes());
    }

    private Finding content(MediaType type, ByteBuf content, String part) {
        Boundary boundary = type.isMultipart() && readsForms() ? Boundary.of(type) : null;
        return boundary != null ? forms.inspect(boundary, content) : single(type, content, part);
    }

    /** Looks at a content that has no parts. */
    Finding single(MediaType type, ByteBuf content, String part) {
        Signature signature = Signature.of(content);
        if (!type.isGeneric()) {
            if (signature != null && !signature.agrees(type.essence())) {
                return mismatch(part, type.essence(), signature.mediaType());
            }
            if (signature == null && Signature.hasOne(type.essence())) {
                return mismatch(part, type.essence(), "nothing that is known");
            }
        }
        return Sound.ONE;
    }

    /** The bytes of {@code body} in one piece. */
    private static ByteBuf contiguous(ByteBuf body) {
        return body.nioBufferCount() == 1 ? body.retainedSlice()
                : ByteBufAllocator.DEFAULT.directBuffer(body.readableBytes())
                        .writeBytes(body, body.readerIndex(), body.readableBytes());
    }
}
