package dev.sallyport.gateway.http;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** The usual limits but for one. */
final class TestingLimits {
    private TestingLimits() {}

    static Limits with(String name, int value) {
        RecordComponent[] components = Limits.class.getRecordComponents();
        try {
            Object[] values = new Object[components.length];
            boolean found = false;
            for (int i = 0; i < components.length; i++) {
                boolean changed = components[i].getName().equals(name);
                values[i] = changed ? value : components[i].getAccessor().invoke(Limits.DEFAULTS);
                found |= changed;
            }
            if (!found) {
                throw new IllegalArgumentException("no limit is called " + name);
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return Limits.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
