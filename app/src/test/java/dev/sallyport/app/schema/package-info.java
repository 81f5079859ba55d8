/** Tests of schemas for models. */
@NullMarked
package dev.sallyport.app.schema;

import org.jspecify.annotations.NullMarked;
