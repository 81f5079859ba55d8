package dev.sallyport.app.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Turns the text of one YAML 1.2 document into nodes with positions. Anchors, aliases and tags are refused: the file
 * says what it says where it says it. Builds nothing but text, lists and maps.
 */
final class YamlParser {
    /** The deepest nesting: what the configuration needs, and some room for a mistake to be reported as what it is. */
    static final int DEPTH_MAX = 12;

    private final Problems problems;
    private final Iterator<Event> events;

    private YamlParser(Iterator<Event> events, Problems problems) {
        this.events = events;
        this.problems = problems;
    }

    /** The root of the document; null when it is empty or its syntax is broken, which is then among the problems. */
    static @Nullable YamlNode parse(String text, Problems problems) {
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setUseMarks(true).build();
        try {
            return new YamlParser(new Parse(settings).parseString(text).iterator(), problems).document();
        } catch (MarkedYamlEngineException broken) {
            // Only the parser's own words: its full message quotes the file, which may hold secrets.
            Position position = broken.getProblemMark().map(YamlParser::position).orElse(Position.START);
            String context = broken.getContext() == null ? "" : " " + broken.getContext();
            problems.error(FindingCode.SYNTAX, position,
                    "the YAML is broken" + context + ": " + Shown.sentence(broken.getProblem())
                            + "; indent with spaces, and quote special characters");
        } catch (ReaderException unreadable) {
            problems.error(FindingCode.SYNTAX, Position.START,
                    "the file holds the character U+%04X, which YAML does not allow; remove it"
                            .formatted(unreadable.getCodePoint()));
        } catch (TooDeep tooDeep) {
            problems.error(FindingCode.SYNTAX, tooDeep.position,
                    "nested deeper than " + DEPTH_MAX + " levels; nothing in the configuration is that deep");
        } catch (YamlEngineException broken) {
            problems.error(FindingCode.SYNTAX, Position.START, "the YAML cannot be read; check its syntax");
        }
        return null;
    }

    private @Nullable YamlNode document() {
        @Nullable YamlNode root = null;
        boolean begun = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent) {
                if (begun) {
                    problems.error(FindingCode.SYNTAX, position(event),
                            "a second document begins; keep the configuration in one, without a `---` line");
                    return root;
                }
                begun = true;
            } else if (event instanceof NodeEvent node) {
                root = node(node, 1);
            }
        }
        return root;
    }

    private YamlNode node(NodeEvent event, int depth) {
        Position position = position(event);
        if (depth > DEPTH_MAX) {
            throw new TooDeep(position);
        }
        if (event instanceof AliasEvent) {
            problems.error(FindingCode.SYNTAX, position, "aliases (`*name`) are not allowed; write the value out");
            return new YamlNode.Scalar("", false, position);
        }
        if (event.getAnchor().isPresent()) {
            problems.error(FindingCode.SYNTAX, position, "anchors (`&name`) are not allowed; remove it");
        }
        return switch (event) {
            case ScalarEvent scalar -> {
                refuseTag(scalar.getTag(), position);
                yield new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), position);
            }
            case SequenceStartEvent sequence -> {
                refuseTag(sequence.getTag(), position);
                yield new YamlNode.Sequence(items(depth), position);
            }
            case MappingStartEvent mapping -> {
                refuseTag(mapping.getTag(), position);
                yield new YamlNode.Mapping(entries(depth), position);
            }
            default -> throw new IllegalStateException("not a node: " + event.getEventId());
        };
    }

    private List<YamlNode> items(int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            items.add(node((NodeEvent) event, depth + 1));
        }
        return items;
    }

    private List<YamlNode.Entry> entries(int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            YamlNode key = node((NodeEvent) event, depth + 1);
            YamlNode value = node((NodeEvent) events.next(), depth + 1);
            switch (key) {
                case YamlNode.Scalar(String text, _, Position position) ->
                        entries.add(new YamlNode.Entry(text, position, value));
                case YamlNode.Sequence _,YamlNode.Mapping _ ->
                        problems.error(FindingCode.SYNTAX, key.position(),
                                "a key must be a single word, not " + key.form());
            }
        }
        return entries;
    }

    private void refuseTag(Optional<String> tag, Position position) {
        if (tag.isPresent()) {
            problems.error(FindingCode.SYNTAX, position, "tags (`!name`) are not allowed; remove it");
        }
    }

    private static Position position(Event event) {
        return event.getStartMark().map(YamlParser::position).orElse(Position.START);
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Ends the parsing of a document that would exhaust the stack. */
    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Position position;

        TooDeep(Position position) {
            super(null, null, false, false);
            this.position = position;
        }
    }
}
