package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from the body of one answer what was used at each metered price, and tells the call's holding. */
final class UsageReader {
    private final Holding held;
    private final @Nullable NumberAtPointer[] places;
    private final boolean[] stated;
    private long events;

    /** @param events whether the body is a stream of server-sent events */
    UsageReader(Holding held, boolean events) {
        this.held = held;
        List<Price> prices = held.rule().prices();
        places = new NumberAtPointer[prices.size()];
        stated = new boolean[prices.size()];
        for (int i = 0; i < places.length; i++) {
            if (prices.get(i) instanceof Price.Metered(_, Usage usage, _, _) && !held.knows(i)) {
                String pointer = events ? usage.event() : usage.pointer();
                places[i] = pointer == null ? null : new NumberAtPointer(pointer);
            }
        }
    }

    /** One byte of JSON. */
    void read(byte value) {
        for (NumberAtPointer place : places) {
            if (place != null) {
                place.process(value);
            }
        }
    }

    /** Tells what was found in a body that is one text of JSON. */
    void tell() {
        for (int i = 0; i < places.length; i++) {
            NumberAtPointer place = places[i];
            if (place != null && place.found() != NumberAtPointer.NONE) {
                held.used(i, place.found());
            }
        }
    }

    /** An event has ended; the next byte begins the data of another. */
    void eventEnded() {
        events++;
        for (int i = 0; i < places.length; i++) {
            NumberAtPointer place = places[i];
            if (place == null) {
                continue;
            }
            Price.Metered price = (Price.Metered) requireNonNull(held.rule().prices().get(i));
            if (place.found() != NumberAtPointer.NONE) {
                stated[i] = true;
                held.used(i, place.found());
            } else if (!stated[i] && price.perEvent() > 0) {
                held.used(i, events * price.perEvent());
            }
            place.reset();
        }
    }
}
