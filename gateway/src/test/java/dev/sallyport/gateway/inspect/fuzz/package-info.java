/** Fuzz targets for everything that reads bodies: each says what must hold for any bytes. */
@NullMarked
package dev.sallyport.gateway.inspect.fuzz;

import org.jspecify.annotations.NullMarked;
