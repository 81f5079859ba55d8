package dev.sallyport.gateway.inspect.json;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Makes of a model's answer what a caller may see: first removes members, then hides scores and rounds numbers. The same answer always
 * yields the same bytes, so asking again teaches nothing; what is not concerned stays as it was, byte by byte.
 *
 * <p>Without pointers, scores are known by shape. A number, a list or lists of numbers, or an object of numbers is scores when
 * its name says so (see {@link ScoreNames}). A list of objects that each have such a number is a list of scored labels.
 * {@code predictions} holds one element for each instance, and {@code outputs} the tensors of KServe's second protocol, of
 * which those of floating point are scores along their last dimension. With {@link Reveal#scores} only what they point to is.
 *
 * <p>Lists keep their length, so that a client's code still reads them: of a list without labels, scores that are not shown become 0,
 * or less than the least that is shown when that is negative. Of equal scores the first is the better one. With
 * {@link Reveal#labelOnly} every number with a fraction counts as a score, whatever its name.
 */
public final class JsonRewriter {
    private final Reveal reveal;
    private final PointerSet removed;
    private final PointerSet scores;
    private final boolean hides;

    private JsonRewriter(Reveal reveal) {
        this.reveal = requireNonNull(reveal, "reveal is null");
        removed = new PointerSet(reveal.remove());
        scores = new PointerSet(reveal.scores());
        hides = reveal.labelOnly() || reveal.top() > 0 || reveal.digits() >= 0;
    }

    public static JsonRewriter of(Reveal reveal) {
        return new JsonRewriter(reveal);
    }

    /** Rewrites the readable bytes of {@code body}, whose indices and count stay as they are. May be called by any thread. */
    public RewriteOutcome rewrite(ByteBuf body) {
        JsonScanner scanner = JsonScanner.ofThisThread();
        RewriteOutcome result = switch (scanner.load(body, JsonLimits.ANSWER)) {
            case JsonDefect defect -> new RewriteOutcome.Unreadable("The JSON " + defect.what());
            case JsonOutcome.Sound ignored -> rewrite(scanner.text(), body.alloc());
        };
        scanner.text().release();
        return result;
    }

    private RewriteOutcome rewrite(JsonText text, ByteBufAllocator allocator) {
        boolean shorter = false;
        if (!removed.empty()) {
            JsonEdits edits = new JsonEdits();
            new JsonRemoval(removed, edits).walk(text.bytes());
            shorter = !edits.none();
            if (shorter) {
                text.load(edits, allocator);
            }
        }
        JsonEdits edits = new JsonEdits();
        String contradiction = hides ? new ScoreHiding(reveal, scores, edits).walk(text.bytes()) : null;
        if (contradiction != null) {
            return new RewriteOutcome.Unreadable("The JSON " + contradiction);
        }
        return shorter || !edits.none()
                ? new RewriteOutcome.Rewritten(edits.apply(text, allocator))
                : RewriteOutcome.UNCHANGED;
    }
}
