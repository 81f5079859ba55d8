package dev.sallyport.app.check;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.Severity;
import dev.sallyport.gateway.call.JsonWriter;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was found in one configuration, in the order of the file.
 *
 * @param configuration what could be read; null: nothing
 */
public record CheckReport(@Nullable Configuration configuration, List<Finding> errors, List<Finding> warnings,
        List<Finding> notices, List<Finding> skips) {
    public CheckReport {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
        notices = List.copyOf(notices);
        skips = List.copyOf(skips);
    }

    static CheckReport of(@Nullable Configuration configuration, List<Finding> findings, boolean strict) {
        return new CheckReport(
                configuration,
                each(findings, Severity.ERROR, strict), each(findings, Severity.WARNING, strict),
                each(findings, Severity.NOTICE, strict), each(findings, Severity.SKIP, strict));
    }

    private static List<Finding> each(List<Finding> findings, Severity severity, boolean strict) {
        return findings.stream()
                .filter(finding -> severity(finding, strict) == severity)
                .distinct()
                .sorted(Comparator.comparing(Finding::position))
                .toList();
    }

    /** What cannot be reached weighs more when the check is strict. */
    private static Severity severity(Finding finding, boolean strict) {
        return switch (finding.code()) {
            case MODEL_UNREACHABLE, HEALTH_FAILING -> strict ? Severity.ERROR : Severity.WARNING;
            default -> finding.severity();
        };
    }

    public boolean valid() {
        return errors.isEmpty();
    }

    /** As JSON: {@code valid}, and the lists {@code errors}, {@code warnings}, {@code notices} and {@code skips}. */
    public String json() {
        JsonWriter json = new JsonWriter(4096).beginObject().name("valid").bool(valid());
        write(json, "errors", errors);
        write(json, "warnings", warnings);
        write(json, "notices", notices);
        write(json, "skips", skips);
        return json.endObject().toString();
    }

    private static void write(JsonWriter json, String name, List<Finding> findings) {
        json.name(name).beginArray();
        for (Finding finding : findings) {
            json.beginObject();
            json.name("code").string(finding.code().code());
            json.name("path").string(finding.path());
            json.name("file").string(finding.file());
            json.name("line").number(finding.position().line());
            json.name("column").number(finding.position().column());
            json.name("message").string(finding.message());
            json.name("remedy").string(finding.remedy());
            json.endObject();
        }
        json.endArray();
    }
}
