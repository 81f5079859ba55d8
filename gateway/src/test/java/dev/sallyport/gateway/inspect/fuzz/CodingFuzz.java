package dev.sallyport.gateway.inspect.fuzz;

import dev.sallyport.gateway.inspect.coding.ContentCoding;
import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import dev.sallyport.gateway.inspect.coding.DecodeOutcome;
import dev.sallyport.gateway.inspect.coding.Decoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/** Any bytes in any content coding: decoding ends, and never yields more than it may. The first byte picks the coding. */
public final class CodingFuzz {
    private static final DecodeLimits LIMITS = new DecodeLimits(100, 1 << 20);

    private CodingFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        ContentCoding[] codings = ContentCoding.values();
        ContentCoding coding = codings[(input[0] & 0x7f) % codings.length];
        List<ContentCoding> applied = input[0] < 0 ? List.of(coding, coding) : List.of(coding);
        byte[] encoded = Arrays.copyOfRange(input, 1, input.length);
        if (Decoding.decode(Unpooled.wrappedBuffer(encoded), applied,
                LIMITS) instanceof DecodeOutcome.Decoded(ByteBuf body)) {
            try {
                if (body.readableBytes() > LIMITS.most(encoded.length)) {
                    throw new AssertionError(body.readableBytes() + " bytes came out of " + encoded.length);
                }
            } finally {
                body.release();
            }
        }
    }
}
