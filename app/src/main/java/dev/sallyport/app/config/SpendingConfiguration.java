package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.limit.LimitRule;
import java.time.ZoneId;
import java.util.Map;

/**
 * What all calls may use together.
 *
 * @param zone    where windows of the calendar begin
 * @param gateway of all calls
 * @param tenants of all callers of a tenant, by name
 */
public record SpendingConfiguration(ZoneId zone, LimitRule gateway, Map<String, LimitRule> tenants) {
    public SpendingConfiguration {
        requireNonNull(zone, "zone is null");
        requireNonNull(gateway, "gateway is null");
        tenants = Map.copyOf(tenants);
    }
}
