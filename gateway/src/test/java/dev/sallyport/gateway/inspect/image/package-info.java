/** Tests of the reader of pictures, on small honest pictures that {@code make.py} beside them made. */
@NullMarked
package dev.sallyport.gateway.inspect.image;

import org.jspecify.annotations.NullMarked;
