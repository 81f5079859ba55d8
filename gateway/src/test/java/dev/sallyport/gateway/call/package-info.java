/** Tests of the vocabulary. */
@NullMarked
package dev.sallyport.gateway.call;

import org.jspecify.annotations.NullMarked;
