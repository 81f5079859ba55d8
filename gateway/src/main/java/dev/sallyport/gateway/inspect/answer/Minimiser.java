package dev.sallyport.gateway.inspect.answer;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.inspect.json.JsonRewriter;
import dev.sallyport.gateway.inspect.json.Reveal;
import dev.sallyport.gateway.inspect.json.RewriteOutcome;
import io.netty.buffer.ByteBuf;

/** Makes of a model's answers what one cohort of callers may see. */
final class Minimiser {
    private final JsonRewriter rewriter;

    Minimiser(Reveal reveal) {
        rewriter = JsonRewriter.of(requireNonNull(reveal, "reveal is null"));
    }

    /** Rewrites a whole JSON text, which stays the caller's. */
    RewriteOutcome rewrite(ByteBuf text) {
        return rewriter.rewrite(text);
    }

    /**
     * Takes out what speaks of the bytes that the model sent: a digest or an entity tag lets whoever guesses the hidden
     * numbers see that the guess is right.
     */
    static void clean(Headers head) {
        head.removeIf(Minimiser::speaksOfTheBytes);
    }

    private static boolean speaksOfTheBytes(String name) {
        return switch (name) {
            case "etag", "last-modified", "accept-ranges", "content-range", "content-md5", "digest", "content-digest",
                    "repr-digest", "unencoded-digest", "signature", "signature-input", "x-checksum", "x-content-hash",
                    "x-goog-hash", "x-amz-checksum" -> true;
            default -> name.startsWith("x-amz-checksum-") || name.startsWith("x-checksum-");
        };
    }

    /** Takes out all trailers but a gRPC status: nothing is known of what they repeat. */
    static void cleanTrailers(Headers trailers) {
        trailers.removeIf(name -> !name.equals("grpc-status") && !name.equals("grpc-message"));
    }
}
