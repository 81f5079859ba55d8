/** What of a model's answer reaches the client: its fields, its size, its type, its errors. Knows {@code call} and {@code inspect}. */
@NullMarked
package dev.sallyport.gateway.inspect.answer;

import org.jspecify.annotations.NullMarked;
