/** Tests of the testkit, and of the whole product with it. */
@NullMarked
package dev.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
