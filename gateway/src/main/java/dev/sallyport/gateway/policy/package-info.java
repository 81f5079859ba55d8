/** May this caller do this to that resource? Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.policy;

import org.jspecify.annotations.NullMarked;
