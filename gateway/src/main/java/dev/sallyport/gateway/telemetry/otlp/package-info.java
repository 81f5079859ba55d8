/** Traces on their way to a collector (OpenTelemetry protocol over HTTP). Knows {@code call} and {@code telemetry}. */
@NullMarked
package dev.sallyport.gateway.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
