/** Tests of what of a model's answer reaches the client. */
@NullMarked
package dev.sallyport.gateway.inspect.answer;

import org.jspecify.annotations.NullMarked;
