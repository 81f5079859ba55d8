/** Where a resource is served: endpoints, pools, health, balancing, attempts and retries. Knows {@code call} and {@code http}. */
@NullMarked
package dev.sallyport.gateway.upstream;

import org.jspecify.annotations.NullMarked;
