/** From credential to caller. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.identity;

import org.jspecify.annotations.NullMarked;
