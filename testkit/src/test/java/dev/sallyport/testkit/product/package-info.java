/** The whole product on real sockets, called by real clients, in front of upstreams that are real or misbehave on purpose. */
@NullMarked
package dev.sallyport.testkit.product;

import org.jspecify.annotations.NullMarked;
