/** Tests of what a configuration means beyond its form. */
@NullMarked
package dev.sallyport.app.check;

import org.jspecify.annotations.NullMarked;
