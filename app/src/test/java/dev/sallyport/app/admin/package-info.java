/** Tests of what an operator asks of a running gateway. */
@NullMarked
package dev.sallyport.app.admin;

import org.jspecify.annotations.NullMarked;
