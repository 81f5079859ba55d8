package dev.sallyport.gateway.pipeline;

import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.ByteBuf;

/**
 * A whole request body that the controls have seen, ready to go upstream.
 *
 * @param bytes     whoever holds this record owns them
 * @param rewritten whether a control put them in the place of what the client sent
 */
record InspectedBody(ByteBuf bytes, Headers trailers, boolean rewritten) {}
