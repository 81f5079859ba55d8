/** What the tests of every module share: the check that no test leaks a buffer, clocks and calls made to order, pages made from code. Knows Netty, JUnit and {@code call}. */
@NullMarked
package dev.sallyport.gateway.testing;

import org.jspecify.annotations.NullMarked;
