package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.RequestHead;

/**
 * A request as an HTTP/1 connection sees it.
 *
 * @param bodyLength      in bytes, or {@link BodyLength#CHUNKED}
 * @param expectsContinue whether the client waits for 100 before it sends the body
 * @param persistent      whether the client keeps the connection open for the next request
 */
record Http1Request(RequestHead head, long bodyLength, boolean expectsContinue, boolean persistent) {}
