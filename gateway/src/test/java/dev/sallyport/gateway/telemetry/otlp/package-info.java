/** Tests of the traces that leave the gateway. */
@NullMarked
package dev.sallyport.gateway.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
