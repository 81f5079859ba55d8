package dev.sallyport.gateway.inspect;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What looking inside of a content has found. */
sealed interface Finding {
    /**
     * Nothing is wrong with it.
     *
     * @param instances what it asks for; 0 for a plain field of a form
     * @param pixels    of all its pictures and frames
     * @param rewritten what is to be forwarded instead; whoever receives this record owns it; null: nothing
     */
    record Sound(long instances, long pixels, @Nullable ByteBuf rewritten) implements Finding {
        static final Sound ONE = new Sound(1, 0, null);
        static final Sound NONE = new Sound(0, 0, null);
    }

    /** It is not acceptable. */
    record Unsound(Refusal refusal) implements Finding {
        public Unsound {
            requireNonNull(refusal, "refusal is null");
        }
    }
}
