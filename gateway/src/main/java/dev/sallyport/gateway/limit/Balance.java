package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

/**
 * How one quota or budget stands.
 *
 * @param id    of the owner; empty for the gateway
 * @param limit calls, instances, or millionths of a currency's unit
 * @param used  likewise, in the window under way, reservations included
 */
public record Balance(Owner owner, String id, Unit unit, Window window, long limit, long used) {
    public Balance {
        requireNonNull(owner, "owner is null");
        requireNonNull(id, "id is null");
        requireNonNull(unit, "unit is null");
        requireNonNull(window, "window is null");
    }
}
