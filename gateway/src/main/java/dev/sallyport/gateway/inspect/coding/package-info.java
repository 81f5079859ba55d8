/** Undoing content codings under limits (RFC 9110 section 8.4). Knows nothing of ours. */
@NullMarked
package dev.sallyport.gateway.inspect.coding;

import org.jspecify.annotations.NullMarked;
