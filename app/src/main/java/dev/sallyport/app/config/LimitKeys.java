package dev.sallyport.app.config;

import dev.sallyport.gateway.http.Limits;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys of the connection limits: those of {@link Limits} in kebab case, whole numbers in the unit that their name
 * ends with. They are taken from the record itself, so that a limit cannot be without its key.
 */
final class LimitKeys {
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
                    "See the table of limits.");
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
