/** What a content claims to be and what it begins like: media types, parameters, signatures. Knows nothing of ours. */
@NullMarked
package dev.sallyport.gateway.inspect.media;

import org.jspecify.annotations.NullMarked;
