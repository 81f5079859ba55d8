/** What happened: access log and metrics. Knows {@code call}. */
@NullMarked
package dev.sallyport.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
