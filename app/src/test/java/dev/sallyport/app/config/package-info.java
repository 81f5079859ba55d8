/** Tests of the configuration. */
@NullMarked
package dev.sallyport.app.config;

import org.jspecify.annotations.NullMarked;
