package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** One clock for each kind of window of a configuration. */
final class WindowClocks {
    private final ZoneId zone;
    private final Map<Window, WindowClock> clocks = new HashMap<>();

    WindowClocks(ZoneId zone) {
        this.zone = requireNonNull(zone, "zone is null");
    }

    WindowClock of(Window window) {
        return clocks.computeIfAbsent(window, kind -> new WindowClock(kind, zone));
    }
}
