/** Bodies of type multipart/form-data, read so strictly that every reader behind us sees the same parts (RFC 7578, RFC 2046). */
@NullMarked
package dev.sallyport.gateway.inspect.multipart;

import org.jspecify.annotations.NullMarked;
