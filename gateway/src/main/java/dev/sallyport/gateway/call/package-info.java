/** The vocabulary of a call: what every other room speaks of. Depends on no other room. */
@NullMarked
package dev.sallyport.gateway.call;

import org.jspecify.annotations.NullMarked;
