/** What a configuration means beyond its form: what cannot work, what was probably not meant, and what no control sees. Reads files and opens connections; starts nothing and changes nothing. */
@NullMarked
package dev.sallyport.app.check;

import org.jspecify.annotations.NullMarked;
