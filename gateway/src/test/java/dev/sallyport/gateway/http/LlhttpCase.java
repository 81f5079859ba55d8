package dev.sallyport.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** One case of llhttp's test-suite: bytes, and the events that its parser reports of them. */
record LlhttpCase(JsonNode json) {
    private static final Pattern SPAN = Pattern.compile("off=\\d+ len=\\d+ span\\[(\\w+)]=(?:\"(.*)\"|(cr|lf))");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{1,3})");

    /** A message as the suite's parser, or ours, read it: its body as far as it came. */
    record Message(String start, List<Map.Entry<String, String>> fields, String body) {}

    String name() {
        return json.get("name").asString();
    }

    String type() {
        return json.get("meta").path("type").asString("url");
    }

    boolean lenient() {
        return type().contains("lenient");
    }

    boolean response() {
        return type().startsWith("response");
    }

    boolean toHead() {
        return json.get("meta").path("skipBody").asBoolean(false);
    }

    boolean error() {
        return json.get("error").asBoolean();
    }

    /** What goes over the wire, one character per byte. */
    String bytes() {
        String text = json.get("sample").asString();
        text = text.replaceAll("\n\\z", "").replaceAll("\\\\\n", "").replace("\n", "\r\n").replace("\\r", "\r")
                .replace("\\n", "\n").replace("\\t", "\t").replace("\\f", "\f");
        return OCTAL.matcher(text).replaceAll(
                match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }

    /** The messages whose heads were complete. */
    List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        List<String> lines = json.get("log").asString().lines().toList();
        Reading reading = new Reading();
        for (String line : lines) {
            if (line.endsWith("message begin")) {
                reading = new Reading();
            } else if (line.contains(" headers complete")) {
                reading.headComplete = true;
                messages.add(reading.message());
            } else {
                reading.take(line);
                if (reading.headComplete) {
                    messages.set(messages.size() - 1, reading.message());
                }
            }
        }
        return messages;
    }

    private static final class Reading {
        private final StringBuilder start = new StringBuilder();
        private final StringBuilder body = new StringBuilder();
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder value = new StringBuilder();
        private final List<Map.Entry<String, String>> fields = new ArrayList<>();
        private boolean headComplete;

        void take(String line) {
            Matcher span = SPAN.matcher(line);
            if (line.endsWith("header_value complete") && !headComplete) {
                fields.add(Map.entry(name.toString().toLowerCase(Locale.ROOT), value.toString().strip()));
                name.setLength(0);
                value.setLength(0);
            } else if (line.endsWith("method complete")) {
                start.append(' ');
            } else if (span.matches()) {
                String text = span.group(2) == null ? span.group(3).equals("cr") ? "\r" : "\n"
                        : span.group(2).replace("\\t", "\t").replace("\\f", "\f");
                switch (span.group(1)) {
                    case "method", "url" -> start.append(text);
                    case "header_field" -> name.append(text);
                    case "header_value" -> value.append(text);
                    case "body" -> body.append(text);
                    default -> {
                        // versions, reason phrases and chunk extensions do not travel
                    }
                }
            }
        }

        Message message() {
            return new Message(start.toString(), List.copyOf(fields), body.toString());
        }
    }
}
