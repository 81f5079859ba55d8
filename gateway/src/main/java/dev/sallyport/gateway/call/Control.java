package dev.sallyport.gateway.call;

import io.netty.buffer.ByteBuf;

/**
 * One check that every call passes. Runs on the call's event loop and must not block it; a control that throws refuses.
 * An instance belongs to one snapshot and is shared by all event loops.
 */
public interface Control {
    /** What the record and the access log call it. */
    String name();

    /** What it needs of this call's body. Asked once, after {@link #check} passed. */
    default BodyNeed body(Call call) {
        return BodyNeed.NOTHING;
    }

    /** Answers on the head of the request. */
    Verdict check(Call call);

    /**
     * Answers on one chunk as it passes (declared by {@link BodyNeed.Chunks}); never {@link Verdict.Later}.
     *
     * @param chunk read without moving its indices; the caller keeps ownership
     */
    default Verdict chunk(Call call, ByteBuf chunk) {
        return Verdict.PASS;
    }

    /**
     * Answers on the whole body (declared by {@link BodyNeed.Whole}), possibly with {@link Verdict.Rewrite}, or with
     * {@link Verdict.Later} when that takes long: then whoever reads it on another thread must retain it first.
     *
     * @param body read without moving its indices; the caller keeps ownership, and may release it before a later answer comes
     */
    default Verdict whole(Call call, ByteBuf body) {
        return Verdict.PASS;
    }
}
