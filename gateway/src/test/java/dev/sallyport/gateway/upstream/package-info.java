/** Tests of the way to the upstreams: real sockets, an upstream that misbehaves, an injected clock. */
@NullMarked
package dev.sallyport.gateway.upstream;

import org.jspecify.annotations.NullMarked;
