package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in the file the keys of a configuration stand. */
public final class Places {
    private final @Nullable YamlNode root;

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
    public boolean has(String... keys) {
        YamlNode node = root;
        for (String key : keys) {
            YamlNode.Entry entry = entry(node, key);
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
                path.append('[').append(index).append(']');
                if (node instanceof YamlNode.Sequence(List<YamlNode> items, _)) {
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

    private static YamlNode.@Nullable Entry entry(@Nullable YamlNode node, String key) {
        if (node instanceof YamlNode.Mapping(List<YamlNode.Entry> entries, _)) {
            for (YamlNode.Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry;
                }
            }
        }
        return null;
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
