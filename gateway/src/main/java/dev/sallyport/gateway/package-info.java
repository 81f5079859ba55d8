/** The data plane. Each package below this one is one room: a stage of the path of a call, or what serves it. */
@NullMarked
package dev.sallyport.gateway;

import org.jspecify.annotations.NullMarked;
