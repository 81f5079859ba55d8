/** What the tests of every module share: the check that no test leaks a buffer. Knows Netty and JUnit, nothing of ours. */
@NullMarked
package dev.sallyport.gateway.testing;

import org.jspecify.annotations.NullMarked;
