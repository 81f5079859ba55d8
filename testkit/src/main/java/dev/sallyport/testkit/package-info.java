/** What every test of the whole product stands on: the product in-process on free ports, upstreams that misbehave on request, test certificates, a clock that the test moves. */
@NullMarked
package dev.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
