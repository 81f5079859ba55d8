package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.http.Attempt;
import dev.sallyport.gateway.http.LoopContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one resource is served, and the way there: picks an endpoint for each call, and forwards it. Safe for use by several threads. */
public final class Upstream {
    /** What a reload replaces, whole. */
    record Settings(UpstreamSpec spec, List<Endpoint> endpoints, @Nullable HealthChecks checks) {}

    private final String id;
    private final RetryBudget budget = new RetryBudget();
    private volatile Settings settings;

    Upstream(String id, Settings settings) {
        this.id = id;
        this.settings = settings;
    }

    /** The id of the resource. */
    public String id() {
        return id;
    }

    Settings settings() {
        return settings;
    }

    void configure(Settings next) {
        settings = next;
    }

    RetryBudget budget() {
        return budget;
    }

    /**
     * Forwards a call to one of the endpoints, and repeats it at another where that is safe. Shortens the call's deadline
     * to the total time-out, and ends by it. Callbacks may come before this returns.
     *
     * @param head {@code path} without the endpoint's base path, {@code authority} as the client sent it; its fields
     *             belong to the upstream from now on
     * @param end  whether the request is complete with its head
     */
    public Attempt forward(Call call, RequestHead head, boolean end, LoopContext context, ForwardListener listener) {
        ForwardedCall forwarded = new ForwardedCall(this, settings, call, head, end, context, listener);
        forwarded.begin();
        return forwarded;
    }
}
