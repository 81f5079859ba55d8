package dev.sallyport.gateway.inspect;

import static dev.sallyport.gateway.inspect.ContentRefusals.malformed;
import static dev.sallyport.gateway.inspect.ContentRefusals.mismatch;
import static dev.sallyport.gateway.inspect.ContentRefusals.notAccepted;
import static dev.sallyport.gateway.inspect.ContentRefusals.tooLarge;
import static dev.sallyport.gateway.inspect.ContentRefusals.tooMany;
import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.inspect.Finding.Sound;
import dev.sallyport.gateway.inspect.coding.ContentCoding;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome;
import dev.sallyport.gateway.inspect.coding.Decoding;
import dev.sallyport.gateway.inspect.json.JsonDefect;
import dev.sallyport.gateway.inspect.json.JsonInspector;
import dev.sallyport.gateway.inspect.json.JsonOutcome;
import dev.sallyport.gateway.inspect.media.MediaType;
import dev.sallyport.gateway.inspect.media.Signature;
import dev.sallyport.gateway.inspect.multipart.Boundary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks inside of bodies, as one model's rule asks for it: undoes the content coding, compares what the content begins like
 * with what it is declared as, and hands it to the reader of its type. Holds no state; may be used on any thread.
 */
final class ContentInspector {
    private static final String BODY = "body";
    private static final MediaType JSON = new MediaType("application/json", Map.of());
    /** Up to so many bytes an event loop can look at without making other calls wait. */
    private static final long QUICK_BYTES_MAX = 256 << 10;
    /** The reader of JSON copies it onto the heap, where several threads may have one at the same time. */
    private static final long JSON_BYTES_MAX = 64L << 20;

    /** With a schema, which takes longer. */
    private static final long QUICK_SCHEMA_BYTES_MAX = 16 << 10;

    private final MediaRanges accepts;
    private final ContentRule rule;
    private final boolean readsSomething;
    private final @Nullable PictureInspector pictures;
    private final @Nullable JsonInspector json;
    private final @Nullable FormInspector forms;

    ContentInspector(MediaRanges accepts, ContentRule rule) {
        this.accepts = accepts;
        this.rule = rule;
        pictures = rule.pictures() == null ? null : new PictureInspector(accepts, rule.pictures());
        json = rule.json() == null ? null : JsonInspector.of(rule.json());
        forms = rule.multipart() == null ? null : new FormInspector(accepts, rule.multipart(), this);
        readsSomething = pictures != null && accepts.name("image/", "/svg+xml")
                || json != null
                        && (accepts.name("application/json", "+json") || accepts.ranges().contains("application/*"))
                || forms != null && accepts.name("multipart/", "multipart/form-data");
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
        return !isGrpc(type) && (readsSomething || Signature.hasOne(type.essence()));
    }

    private static boolean isGrpc(MediaType type) {
        return type.essence().equals("application/grpc") || type.essence().startsWith("application/grpc+");
    }

    /** Why a body that streams is refused at its first byte; null when it is not. A message of gRPC begins with a flag of 0 or 1. */
    @Nullable
    Refusal refusal(Headers headers, byte first) {
        MediaType type = readsSomething && first != 0 && first != 1 ? type(headers) : null;
        return type != null && isGrpc(type)
                ? mismatch(BODY, type.essence(), "something that is no message of gRPC").refusal() : null;
    }

    /** Why a body with these fields is refused before its first byte; null when it is not. */
    @Nullable
    Refusal refusal(Headers headers) {
        if (accepts.ranges().isEmpty()) {
            return null;
        }
        MediaType type = type(headers);
        if (type == null) {
            return malformed("Content-Type", "it is malformed, or repeats a parameter").refusal();
        }
        if (!reads(type)) {
            return null;
        }
        if (ContentCoding.of(headers.all("content-encoding")) == null) {
            return ContentRefusals.coding();
        }
        return declared(type);
    }

    /** Why a body declared as {@code type} cannot be read at all. */
    private @Nullable Refusal declared(MediaType type) {
        if (type.isMultipart() && forms != null) {
            if (!type.essence().equals("multipart/form-data")) {
                return notAccepted(BODY, accepts, "of the multipart types only multipart/form-data can be read")
                        .refusal();
            }
            return Boundary.of(type) != null ? null
                    : malformed("Content-Type", "its boundary is missing or malformed").refusal();
        }
        return type.isJson() && json != null && !type.isUtf8()
                ? notAccepted("Content-Type", accepts, "JSON is UTF-8, and its charset says otherwise").refusal()
                : null;
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
        long looked = codings.isEmpty() ? bytes : rule.decoding().most(bytes);
        return windows || looked > (json != null && json.hasSchema() ? QUICK_SCHEMA_BYTES_MAX : QUICK_BYTES_MAX);
    }

    /**
     * Looks at a whole body whose head was not refused.
     *
     * @param path of the request to the model, without its query
     * @param body read without moving its indices; the caller keeps ownership
     */
    Inspection inspect(Headers headers, String path, ByteBuf body) {
        MediaType type = requireNonNull(type(headers), "the type is malformed");
        List<ContentCoding> codings = codings(headers);
        if (codings.isEmpty()) {
            return inspected(type, path, contiguous(body));
        }
        return switch (Decoding.decode(body, codings, rule.decoding())) {
            case DecodeOutcome.Decoded(ByteBuf decoded) -> inspected(type, path, decoded);
            case DecodeOutcome.TooLarge(long limit, boolean ratio) -> new Inspection(
                    tooLarge(BODY, "more than " + limit + " bytes come out of its coding, which is "
                            + (ratio ? rule.decoding().ratio() + " times its length" : "the limit"), limit),
                    0);
            case DecodeOutcome.Malformed(String what) -> new Inspection(malformed(BODY, what), 0);
        };
    }

    /** Takes ownership of {@code content}. */
    private Inspection inspected(MediaType type, String path, ByteBuf content) {
        try {
            Boundary boundary = type.isMultipart() ? Boundary.of(type) : null;
            Finding finding = boundary != null && forms != null ? forms.inspect(boundary, path, content)
                    : single(type, path, content, BODY);
            return new Inspection(limited(finding), content.readableBytes());
        } finally {
            content.release();
        }
    }

    private Finding limited(Finding finding) {
        if (finding instanceof Sound(long instances, _, @Nullable ByteBuf rewritten)
                && instances > rule.instancesMax()) {
            if (rewritten != null) {
                rewritten.release();
            }
            return tooMany(BODY, instances + " instances are asked for, and " + rule.instancesMax() + " may be",
                    rule.instancesMax());
        }
        return finding;
    }

    /** Looks at a content that has no parts. */
    Finding single(MediaType declared, String path, ByteBuf content, String part) {
        Signature signature = Signature.of(content);
        if (!declared.isGeneric()) {
            if (signature != null && !signature.agrees(declared.essence())) {
                return mismatch(part, declared.essence(), signature.mediaType());
            }
            if (signature == null && Signature.hasOne(declared.essence())) {
                return mismatch(part, declared.essence(), "nothing that is known");
            }
            return read(declared, path, content, part);
        }
        MediaType found = found(content, signature);
        return found == null || accepts.allow(found.essence())
                ? read(found == null ? declared : found, path, content, part)
                : mismatch(part, declared.essence(), found.essence());
    }

    /** What a content is that is declared as mere bytes; null when no reader is for it. */
    private @Nullable MediaType found(ByteBuf content, @Nullable Signature signature) {
        if (signature != null) {
            MediaType type = new MediaType(signature.mediaType(), Map.of());
            return type.isPicture() && pictures != null ? type : null;
        }
        return json != null && Signature.looksLikeJson(content) && accepts.allow(JSON.essence()) ? JSON : null;
    }

    private Finding read(MediaType type, String path, ByteBuf content, String part) {
        if (type.isPicture() && pictures != null) {
            return PictureInspector.reads(type.essence()) ? pictures.inspect(content, part)
                    : notAccepted(part, accepts, "pictures of type " + type.essence() + " cannot be inspected");
        }
        if (type.isJson() && json != null) {
            if (content.readableBytes() > JSON_BYTES_MAX) {
                return tooLarge(part, "it has more than " + JSON_BYTES_MAX + " bytes, the most of JSON that is read",
                        JSON_BYTES_MAX);
            }
            return switch (json.inspect(path, content)) {
                case JsonOutcome.Sound(long instances) -> new Sound(instances, 0, null);
                case JsonDefect defect -> ContentRefusals.json(part, defect);
            };
        }
        return Sound.ONE;
    }

    /** The bytes of {@code body} in one piece. */
    private static ByteBuf contiguous(ByteBuf body) {
        return body.nioBufferCount() == 1 ? body.retainedSlice()
                : PooledByteBufAllocator.DEFAULT.directBuffer(body.readableBytes())
                        .writeBytes(body, body.readerIndex(), body.readableBytes());
    }
}
