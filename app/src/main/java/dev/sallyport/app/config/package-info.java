/** From {@code sallyport.yaml} to checked records, or to a list of what is wrong with it and where. Knows the gateway's records, and nothing of how they are wired. */
@NullMarked
package dev.sallyport.app.config;

import org.jspecify.annotations.NullMarked;
