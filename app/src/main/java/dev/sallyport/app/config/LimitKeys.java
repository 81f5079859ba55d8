package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.http.Limits;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The keys of the connection limits: those of {@link Limits} in kebab case, whole numbers in the unit that their name
 * ends with. They are taken from the record itself, so that a limit cannot be without its key.
 */
final class LimitKeys {
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("connections", "Open connections at most."),
            Map.entry("connectionsPerAddress", "Open connections from one address at most."),
            Map.entry("targetBytes", "Bytes of a request's target at most."),
            Map.entry("fieldBytes", "Bytes of one header field with its name at most."),
            Map.entry("fieldNameBytes", "Bytes of the name of a header field at most."),
            Map.entry("headerBytes", "Bytes of a header or trailer section at most."),
            Map.entry("fields", "Fields of a header or trailer section at most."),
            Map.entry("chunkExtensionBytes", "Bytes of all chunk extensions of one body at most."),
            Map.entry("pipelinedBytes", "Bytes read ahead on an HTTP/1.1 connection while an answer is under way."),
            Map.entry("requestsPerConnection", "Requests after which a connection closes."),
            Map.entry("streams", "Concurrent streams of an HTTP/2 connection."),
            Map.entry("resetsPerWindow", "Streams that a client may reset in 30 s."),
            Map.entry("continuations", "CONTINUATION frames of one header block at most."),
            Map.entry("controlFramesPerWindow",
                    "PING, SETTINGS, PRIORITY and WINDOW_UPDATE frames without progress in 30 s."),
            Map.entry("emptyDataFrames", "DATA frames without bytes in a row at most."),
            Map.entry("handshakeMillis", "Milliseconds for the TLS handshake and the PROXY protocol's header."),
            Map.entry("headMillis", "Milliseconds from the first byte of a request's head to its last."),
            Map.entry("bodyStallMillis", "Milliseconds without a byte of a body that is waited for."),
            Map.entry("bodyBytesPerSecond", "The least rate of a body, after `body-grace-millis`."),
            Map.entry("bodyGraceMillis", "Milliseconds before the least rate of a body counts."),
            Map.entry("writeStallMillis",
                    "Milliseconds after which a client that takes nothing of its answer is disconnected."),
            Map.entry("idleMillis", "Milliseconds between two requests of a connection."),
            Map.entry("tunnelIdleMillis", "Milliseconds that a tunnel may be silent."),
            Map.entry("drainMillis", "Milliseconds for the calls in flight after SIGTERM."));

    static final List<Key<Integer>> KEYS = Stream.of(Limits.class.getRecordComponents()).map(LimitKeys::key).toList();

    static final Section SECTION = new Section("limits", List.copyOf(KEYS));

    private LimitKeys() {}

    /** The limits with what {@code reader} found in the place of the defaults. */
    static Limits read(SectionReader reader) {
        List<Integer> values = new ArrayList<>();
        KEYS.forEach(key -> values.add(reader.value(key)));
        try {
            Class<?>[] types = Stream.of(Limits.class.getRecordComponents()).map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return Limits.class.getDeclaredConstructor(types).newInstance(values.toArray());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Key<Integer> key(RecordComponent component) {
        try {
            String fallback = component.getAccessor().invoke(Limits.DEFAULTS).toString();
            return Key.with(kebab(component.getName()), Words.number(1, Integer.MAX_VALUE), fallback,
                    requireNonNull(MEANINGS.get(component.getName()), "a limit has no meaning"));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String kebab(String name) {
        StringBuilder kebab = new StringBuilder();
        name.chars().forEach(character -> {
            if (Character.isUpperCase(character)) {
                kebab.append('-');
            }
            kebab.append((char) Character.toLowerCase(character));
        });
        return kebab.toString();
    }
}
