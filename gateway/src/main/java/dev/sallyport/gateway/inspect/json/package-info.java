/** JSON as bytes: whether a body is sound, how many instances it asks for, whether it fits a schema, and what of it may be shown. Knows nothing of ours. */
@NullMarked
package dev.sallyport.gateway.inspect.json;

import org.jspecify.annotations.NullMarked;
