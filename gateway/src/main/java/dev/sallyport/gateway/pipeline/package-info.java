/** The path of a call: the straight line that runs the controls in order, forwards, and records. Knows all other rooms of the gateway. */
@NullMarked
package dev.sallyport.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
