/** Rates and concurrency. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.limit;

import org.jspecify.annotations.NullMarked;
