/** The protocols: listeners, HTTP/1.1, HTTP/2, TLS, tunnels, header hygiene and connection defences, on both sides. Knows {@code call} and Netty; nothing of callers, models or policy. */
@NullMarked
package dev.sallyport.gateway.http;

import org.jspecify.annotations.NullMarked;
