/** Tests of the room of the same name. */
@NullMarked
package dev.sallyport.gateway.inspect.multipart;

import org.jspecify.annotations.NullMarked;
