/** Tests of the telemetry room. */
@NullMarked
package dev.sallyport.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
