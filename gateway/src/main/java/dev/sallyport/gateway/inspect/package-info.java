/** What a request carries: sizes, media types, and what is inside of bodies. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.inspect;

import org.jspecify.annotations.NullMarked;
