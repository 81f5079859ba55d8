package dev.sallyport.app.config;

import dev.sallyport.app.config.Section.SectionKey;
import dev.sallyport.app.config.Section.Shape;
import dev.sallyport.gateway.inspect.json.JsonLimits;
import java.util.Map;

/** The keys for the JSON in requests to a model. */
final class JsonKeys {
    /** What {@code json: off} stands for. */
    static final Key<Boolean> INSPECT = Key.with("inspect", Words.choice(Map.of("on", true, "off", false)), "on",
            "Whether JSON is read.");
    static final Key<Integer> DEPTH = Key.with("depth", Words.number(1, JsonLimits.DEPTH_MOST), "64",
            "Arrays and objects within each other that a text may have.");
    static final Key<Long> STRINGS = Key.optional("strings", Quantities.SIZE,
            "Bytes of one string or name at most. Absent: as long as the body may be.");

    static final Key<String> SCHEMA_PATH = Key.optional("path", Words.PATH,
            "Of the requests to the model that the schema is for. Absent: of all that no other schema is for.");
    static final Key<String> SCHEMA_FILE = Key.optional("file", Words.FILE,
            "The file of the schema (JSON Schema 2020-12), which refers to nothing outside of itself.");
    static final SectionKey SCHEMA = new SectionKey("schema", new Shape.Shorthand(SCHEMA_FILE),
            Section.of("models.NAME.json.schema", SCHEMA_PATH, SCHEMA_FILE)
                    .with(new Section.Rule.Required(SCHEMA_FILE)),
            "What the JSON must look like. A path without a schema is refused where another one has one.");

    static final SectionKey JSON = new SectionKey("json", new Shape.OneOrValue(INSPECT),
            Section.of("models.NAME.json", INSPECT, DEPTH, STRINGS, SCHEMA),
            "What JSON may be sent. It is read where `accepts` names a JSON type, and then nothing passes that two readers could"
                    + " understand differently; `off` passes it unread.");

    private JsonKeys() {}
}
