/** Tests of the room of the same name. */
@NullMarked
package dev.sallyport.gateway.inspect.coding;

import org.jspecify.annotations.NullMarked;
