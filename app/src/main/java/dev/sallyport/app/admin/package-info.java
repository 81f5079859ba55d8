/** What an operator asks of a running gateway: is it alive, is it ready, what has it counted. Knows the gateway's rooms; nothing of how the configuration is written. */
@NullMarked
package dev.sallyport.app.admin;

import org.jspecify.annotations.NullMarked;
