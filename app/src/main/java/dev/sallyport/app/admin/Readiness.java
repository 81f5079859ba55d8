package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.JsonWriter;
import java.util.List;

/**
 * Whether calls should be sent here. A configuration that could not be applied leaves the gateway ready: the one before it still works.
 *
 * @param draining  whether the gateway is shutting down
 * @param listeners {@code host:port} of each open listener for calls
 */
public record Readiness(boolean draining, List<String> listeners, ReloadStatus.State configuration) {
    public Readiness {
        listeners = List.copyOf(listeners);
        requireNonNull(configuration, "configuration is null");
    }

    public boolean ready() {
        return !draining && !listeners.isEmpty() && !configuration.digest().isEmpty();
    }

    byte[] toJson() {
        JsonWriter json = new JsonWriter(512);
        json.beginObject();
        json.name("status").string(draining ? "draining" : ready() ? "ready" : "starting");
        json.name("listeners").value(listeners);
        json.name("snapshot").string(configuration.digest());
        json.name("reloads").beginObject();
        json.name("applied").number(configuration.applied());
        json.name("failed").number(configuration.failed());
        json.name("error").value(configuration.error());
        return json.endObject().endObject().newLine().toBytes();
    }
}
