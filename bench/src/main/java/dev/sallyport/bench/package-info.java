/** Measurements: side-by-side runs against other gateways on one machine, and what a call costs in CPU and memory. */
@NullMarked
package dev.sallyport.bench;

import org.jspecify.annotations.NullMarked;
