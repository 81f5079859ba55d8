/** The durable memory of what was reserved and settled. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.limit.journal;

import org.jspecify.annotations.NullMarked;
