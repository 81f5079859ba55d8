/** Tests of the JSON room. */
@NullMarked
package dev.sallyport.gateway.inspect.json;

import org.jspecify.annotations.NullMarked;
