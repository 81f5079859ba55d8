/** What a request carries: sizes and media types. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.inspect;

import org.jspecify.annotations.NullMarked;
