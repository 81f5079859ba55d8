/** From request to resource and action. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.route;

import org.jspecify.annotations.NullMarked;
