/** Reads the structure of pictures without decoding a pixel, and takes their metadata out. Knows nothing of ours but its own types. */
@NullMarked
package dev.sallyport.gateway.inspect.image;

import org.jspecify.annotations.NullMarked;
