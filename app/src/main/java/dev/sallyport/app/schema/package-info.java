/** JSON Schema of what models accept: compiled when the configuration is loaded, from one file without references outside of it. */
@NullMarked
package dev.sallyport.app.schema;

import org.jspecify.annotations.NullMarked;
