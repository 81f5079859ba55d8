package dev.sallyport.app.check;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.gateway.policy.NamePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether every caller may call something that is there, and every model can be called by somebody. */
final class Grants {
    private Grants() {}

    static void examine(Subject subject, Findings findings) {
        Configuration configuration = subject.configuration();
        Set<String> entries = configuration.callers().values().stream()
                .flatMap(caller -> caller.may().stream()).collect(Collectors.toUnmodifiableSet());
        Map<String, Boolean> useful = new HashMap<>();
        entries.forEach(entry -> useful.put(entry, grantsAnything(entry, configuration)));
        configuration.callers().forEach((name, caller) -> {
            // A name without `*` that nothing has is an error already.
            boolean patterns = caller.may().stream().allMatch(entry -> entry.contains("*"));
            if (!caller.may().isEmpty() && patterns && caller.may().stream().noneMatch(useful::get)) {
                findings.add(FindingCode.GRANTS_NOTHING, subject.places().of("callers", name, "may"),
                        "matches no model, so this caller may call nothing", "name models that are there");
            }
        });
        configuration.models().forEach((name, model) -> {
            List<String> uncallable = uncallable(name, model, entries);
            if (!uncallable.isEmpty()) {
                boolean whole = uncallable.size() == model.versions().size();
                findings.add(FindingCode.MODEL_UNCALLABLE, subject.places().of("models", name),
                        whole ? "no caller may call it" : "no caller may call " + String.join(", ", uncallable),
                        "add it to a caller's `may`, or remove it");
            }
        });
    }

    private static boolean grantsAnything(String entry, Configuration configuration) {
        return configuration.models().entrySet().stream().anyMatch(model -> model.getValue().versions().keySet()
                .stream().anyMatch(version -> NamePattern.grants(entry, model.getKey(), version)));
    }

    private static List<String> uncallable(String name, ModelConfiguration model, Set<String> entries) {
        List<String> uncallable = new ArrayList<>();
        for (String version : model.versions().keySet()) {
            if (entries.stream().noneMatch(entry -> NamePattern.grants(entry, name, version))) {
                uncallable.add(name + "@" + version);
            }
        }
        return uncallable;
    }

    /** Whether the caller may call everything, also what will be there one day. */
    static boolean everything(CallerConfiguration caller) {
        return caller.may().contains("*");
    }
}
