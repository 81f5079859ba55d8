package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in the file the keys of a configuration stand. Confined to one thread. */
public final class Places {
    private final @Nullable YamlNode root;
    /** So that a look-up among many callers does not pass all of them. */
    private final Map<YamlNode.Mapping, Map<String, YamlNode.Entry>> entries = new IdentityHashMap<>();

    Places(@Nullable YamlNode root) {
        this.root = root;
    }

    /**
     * A key and where it stands.
     *
     * @param path such as {@code callers.app.keys[1]}
     */
    public record Place(String path, Position position) {
        public Place {
            requireNonNull(path, "path is null");
            requireNonNull(position, "position is null");
        }
    }

    /** Whether all of the keys are there, each below the one before. */
    public boolean has(Object... keys) {
        YamlNode node = root;
        for (Object key : keys) {
            YamlNode.Entry entry = entry(node, key.toString());
            if (entry == null) {
                return false;
            }
            node = entry.value();
        }
        return node != null;
    }

    /**
     * The place of a key.
     *
     * @param keys each below the one before; a number chooses from a list, and the only value that stands for a list of one.
     *             Where one is absent, the position is that of the one before; the path is whole all the same.
     */
    public Place of(Object... keys) {
        StringBuilder path = new StringBuilder();
        YamlNode node = root;
        Position position = root == null ? Position.START : root.position();
        for (Object key : keys) {
            if (key instanceof Integer index) {
                if (node instanceof YamlNode.Sequence(List<YamlNode> items, _)) {
                    path.append('[').append(index).append(']');
                    node = index < items.size() ? items.get(index) : null;
                    position = node == null ? position : node.position();
                }
                continue;
            }
            path.append(path.isEmpty() ? "" : ".").append(Shown.plainly(key.toString()));
            YamlNode.Entry entry = entry(node, key.toString());
            node = entry == null ? null : entry.value();
            position = entry == null ? position : entry.position();
        }
        return new Place(path.toString(), position);
    }

    private YamlNode.@Nullable Entry entry(@Nullable YamlNode node, String key) {
        return node instanceof YamlNode.Mapping mapping
                ? entries.computeIfAbsent(mapping, Places::byKey).get(key) : null;
    }

    private static Map<String, YamlNode.Entry> byKey(YamlNode.Mapping mapping) {
        Map<String, YamlNode.Entry> byKey = new HashMap<>();
        mapping.entries().forEach(entry -> byKey.putIfAbsent(entry.key(), entry));
        return byKey;
    }

    /** The single value of a key, as written; null when it is absent, or something else. */
    public @Nullable String text(Object... keys) {
        YamlNode node = root;
        for (Object key : keys) {
            YamlNode.Entry entry = entry(node, key.toString());
            node = entry == null ? null : entry.value();
        }
        return node instanceof YamlNode.Scalar scalar ? scalar.text() : null;
    }

    /** The path of what stands at {@code position}; empty when nothing begins there. */
    String pathAt(Position position) {
        String path = root == null ? null : search(root, position);
        return path == null ? "" : path.startsWith(".") ? path.substring(1) : path;
    }

    private static @Nullable String search(YamlNode node, Position position) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.position().equals(position) ? "" : null;
            case YamlNode.Sequence(List<YamlNode> items, Position begin) -> {
                for (int i = 0; i < items.size(); i++) {
                    String below = search(items.get(i), position);
                    if (below != null) {
                        yield "[" + i + "]" + below;
                    }
                }
                yield begin.equals(position) ? "" : null;
            }
            case YamlNode.Mapping(List<YamlNode.Entry> entries, Position begin) -> {
                for (YamlNode.Entry entry : entries) {
                    String below = entry.position().equals(position) ? "" : search(entry.value(), position);
                    if (below != null) {
                        yield "." + Shown.plainly(entry.key()) + below;
                    }
                }
                yield begin.equals(position) ? "" : null;
            }
        };
    }
}
