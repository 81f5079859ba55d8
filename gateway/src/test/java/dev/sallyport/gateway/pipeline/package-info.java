/** Tests of the path of a call. */
@NullMarked
package dev.sallyport.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
