/** The demo's own model: a real digit classifier and a small loopback server for it. It knows nothing of the gateway. */
@NullMarked
package dev.sallyport.app.demo;

import org.jspecify.annotations.NullMarked;
