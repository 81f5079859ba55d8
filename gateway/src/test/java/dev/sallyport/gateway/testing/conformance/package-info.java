/** The public conformance cases of HTTP and what runs them: against one listener here, and by the modules above against the whole gateway. */
@NullMarked
package dev.sallyport.gateway.testing.conformance;

import org.jspecify.annotations.NullMarked;
