package dev.sallyport.gateway.inspect.answer;

import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.AnswerStep;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.ResponseHead;
import dev.sallyport.gateway.inspect.InspectionThreads;
import dev.sallyport.gateway.inspect.coding.ContentCoding;
import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome;
import dev.sallyport.gateway.inspect.coding.Decoding;
import dev.sallyport.gateway.inspect.json.RewriteOutcome;
import dev.sallyport.gateway.inspect.media.MediaType;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is done with the body of one answer: looked through for stack traces, minimised, or only counted. */
final class BodyInspection {
    /** An error message that is longer than this is not one for a client. */
    static final long ERROR_BYTES_MAX = 1 << 20;
    /** The most that is looked into at once. */
    static final long READABLE_BYTES_MAX = 16 << 20;
    /** What an event loop looks into by itself, within a few milliseconds; more, and what has a content coding, is looked into beside it. */
    private static final int QUICK_BYTES_MAX = 64 << 10;
    private static final int RATIO_MAX = 100;

    private static final Refusal CODED = CompiledAnswerRule.unacceptable(
            "The upstream's answer has a content coding that cannot be undone, so that it cannot be inspected.");
    private static final Refusal NOT_JSON = CompiledAnswerRule.unacceptable(
            "The upstream's answer is no JSON by its Content-Type, so that it cannot be inspected.");

    private static final Refusal OVERLOADED =
            Refusal.of(RefusalCode.OVERLOADED, "Too many answers wait to be inspected.");

    private final Call call;
    private final ResponseHead head;
    private final CompiledAnswerRule compiled;
    private final UpstreamErrors errors;
    private final InspectionThreads threads;
    private final @Nullable Minimiser minimiser;
    private final boolean traced;
    private List<ContentCoding> codings = List.of();

    private BodyInspection(Call call, ResponseHead head, CompiledAnswerRule compiled, UpstreamErrors errors,
            InspectionThreads threads, @Nullable Minimiser minimiser, boolean traced) {
        this.call = call;
        this.head = head;
        this.compiled = compiled;
        this.errors = errors;
        this.threads = threads;
        this.minimiser = minimiser;
        this.traced = traced;
    }

    /** @param minimiser null: the caller may see everything */
    static AnswerHandling open(Call call, ResponseHead head, CompiledAnswerRule compiled, UpstreamErrors errors,
            InspectionThreads threads, @Nullable Minimiser minimiser) {
        boolean traced = head.status() >= 400 && !compiled.rule().errorsPass();
        return traced || minimiser != null
                ? new BodyInspection(call, head, compiled, errors, threads, minimiser, traced).open()
                : counted(compiled, head);
    }

    private AnswerHandling open() {
        Headers headers = head.headers();
        List<ContentCoding> applied = ContentCoding.of(headers.all("content-encoding"));
        if (applied == null) {
            return unreadable(CODED);
        }
        codings = applied;
        if (minimiser != null) {
            MediaType type = headers.count("content-type") == 1
                    ? MediaType.parse(String.valueOf(headers.first("content-type"))) : null;
            if (type != null && streams(type) && !traced && codings.isEmpty()) {
                boolean events = type.essence().equals("text/event-stream");
                return new AnswerHandling.Stream(new EventRewriter(minimiser, events, compiled), false);
            }
            if (type == null || !type.isJson() || !type.isUtf8()) {
                return unreadable(NOT_JSON);
            }
        }
        long most = Math.min(compiled.rule().bytesMax(), traced ? ERROR_BYTES_MAX : READABLE_BYTES_MAX);
        Refusal tooLong = CompiledAnswerRule.tooLarge(most);
        return head.contentLength() > most ? unreadable(tooLong)
                : new AnswerHandling.Whole(most, tooLong, this::inspect);
    }

    private static boolean streams(MediaType type) {
        return switch (type.essence()) {
            case "text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl",
                    "application/x-jsonlines", "application/jsonlines" -> true;
            default -> false;
        };
    }

    private AnswerHandling unreadable(Refusal refusal) {
        return compiled.rule().unreadablePasses() ? counted(compiled, head) : refusal;
    }

    private static AnswerHandling counted(CompiledAnswerRule compiled, ResponseHead head) {
        return head.contentLength() >= 0 ? AnswerHandling.PASS
                : new AnswerHandling.Stream(new LengthLimit(compiled.rule().bytesMax(), compiled.tooLarge()), true);
    }

    /**
     * What was found in a body.
     *
     * @param step    passes on what may pass
     * @param said    what the log is to keep of an error; null when there was none
     * @param decoded whether what passes has no content coding any more
     */
    private record Found(AnswerStep step, @Nullable String said, boolean decoded) {
        private Found(AnswerStep step) {
            this(step, null, false);
        }
    }

    /** Takes ownership of {@code body}. */
    private AnswerStep inspect(ByteBuf body) {
        if (codings.isEmpty() && body.readableBytes() <= QUICK_BYTES_MAX) {
            Found found = look(body);
            note(found);
            return found.step();
        }
        CompletableFuture<Found> coming = new CompletableFuture<>();
        boolean taken = threads.run(body.readableBytes(), () -> {
            try {
                coming.complete(look(body));
            } catch (Throwable thrown) {
                coming.completeExceptionally(thrown);
            }
        });
        if (!taken) {
            body.release();
            return OVERLOADED;
        }
        return new AnswerStep.Later(coming.thenApply(Found::step), () -> note(coming.resultNow()));
    }

    private void note(Found found) {
        if (found.said() != null) {
            errors.note(call, head, found.said());
        }
        if (found.decoded()) {
            head.headers().remove("content-encoding");
        }
    }

    /** Takes ownership of {@code body}, on any thread. */
    private Found look(ByteBuf body) {
        ByteBuf plain = null;
        Found found = null;
        try {
            plain = codings.isEmpty() ? body.retain() : decoded(body);
            found = plain == null ? unreadable(body, CODED) : look(body, plain);
            return found;
        } finally {
            if (plain != null) {
                plain.release();
            }
            if (found == null || !(found.step() instanceof AnswerStep.Go(ByteBuf passed) && passed == body)) {
                body.release();
            }
        }
    }

    private @Nullable ByteBuf decoded(ByteBuf body) {
        return switch (Decoding.decode(body, codings, new DecodeLimits(RATIO_MAX, READABLE_BYTES_MAX))) {
            case DecodeOutcome.Decoded(ByteBuf decoded) -> decoded;
            case DecodeOutcome.TooLarge _,DecodeOutcome.Malformed _ -> null;
        };
    }

    private Found look(ByteBuf body, ByteBuf plain) {
        if (traced && StackTraces.present(plain)) {
            return new Found(UpstreamErrors.refusal(head), Excerpt.of(plain, UpstreamErrors.SHOWN_BYTES_MAX), false);
        }
        if (minimiser == null || !plain.isReadable()) {
            return new Found(new AnswerStep.Go(body));
        }
        return switch (minimiser.rewrite(plain)) {
            case RewriteOutcome.Rewritten(ByteBuf rewritten) -> new Found(new AnswerStep.Go(rewritten), null, true);
            case RewriteOutcome.Unchanged _ -> new Found(new AnswerStep.Go(body));
            case RewriteOutcome.Unreadable(String why) -> unreadable(body, CompiledAnswerRule.unacceptable(
                    "The upstream's answer cannot be inspected: " + why + "."));
        };
    }

    private Found unreadable(ByteBuf body, Refusal refusal) {
        return new Found(compiled.rule().unreadablePasses() ? new AnswerStep.Go(body) : refusal);
    }
}
