/** The application: reads the configuration, wires the gateway by plain constructors, and is the command line. The only package that sees all the others. */
@NullMarked
package dev.sallyport.app;

import org.jspecify.annotations.NullMarked;
