package dev.sallyport.gateway.policy;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.Resource;
import org.jspecify.annotations.Nullable;

/** What decides whether a caller may do something to a resource. Answers at once, from memory. */
interface Policy {
    /**
     * Null when it may; else why not, in words that are the same for a resource that it may not call and one that does not exist.
     *
     * @param resource null when nothing of the requested name exists
     */
    @Nullable
    Refusal refusal(Caller caller, Action action, @Nullable Resource resource);
}
