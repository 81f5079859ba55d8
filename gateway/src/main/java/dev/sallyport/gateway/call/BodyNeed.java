package dev.sallyport.gateway.call;

/** What a control must see of a request's body before or while it is forwarded. */
public sealed interface BodyNeed {
    Nothing NOTHING = new Nothing();
    Chunks CHUNKS = new Chunks();

    /** The head suffices. */
    record Nothing() implements BodyNeed {}

    /** Each chunk as it passes. */
    record Chunks() implements BodyNeed {}

    /** The whole body before the first byte goes upstream; a longer one is refused with 413. */
    record Whole(long bytesMax) implements BodyNeed {}
}
