package dev.sallyport.gateway.identity;

import org.jspecify.annotations.Nullable;

/** Where keys are looked up by the four parts of their hash. */
interface Keys {
    KeyTable.@Nullable Known find(long first, long second, long third, long fourth);
}
