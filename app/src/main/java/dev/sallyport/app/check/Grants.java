package dev.sallyport.app.check;

import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.gateway.policy.NamePattern;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether every caller may call something that is there, and every model can be called by somebody. */
final class Grants {
    private final Set<String> names = new HashSet<>();
    private final Set<String> patterns = new LinkedHashSet<>();

    /** What all of {@code callers} may call together. */
    Grants(Collection<CallerConfiguration> callers) {
        callers.forEach(
                caller -> caller.may().forEach(entry -> (entry.contains("*") ? patterns : names).add(entry)));
    }

    static void examine(Subject subject, Findings findings) {
        Configuration configuration = subject.configuration();
        Grants grants = new Grants(configuration.callers().values());
        Set<String> useless = grants.patterns.stream().filter(pattern -> !grantsAnything(pattern, configuration))
                .collect(Collectors.toUnmodifiableSet());
        configuration.callers().forEach((name, caller) -> {
            // A name without `*` that nothing has is an error already.
            if (!caller.may().isEmpty() && useless.containsAll(caller.may())) {
                findings.add(FindingCode.GRANTS_NOTHING, subject.places().of("callers", name, "may"),
                        "matches no model, so this caller may call nothing", "name models that are there");
            }
        });
        configuration.models().forEach((name, model) -> {
            List<String> uncallable = model.versions().keySet().stream()
                    .filter(version -> !grants.cover(name, version)).map(version -> name + "@" + version).toList();
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

    boolean cover(String model, ModelConfiguration configuration) {
        return configuration.versions().keySet().stream().anyMatch(version -> cover(model, version));
    }

    private boolean cover(String model, String version) {
        return names.contains(model) || names.contains(model + "@" + version)
                || patterns.stream().anyMatch(pattern -> NamePattern.grants(pattern, model, version));
    }

    /** Whether the caller may call everything, also what will be there one day. */
    static boolean everything(CallerConfiguration caller) {
        return caller.may().contains("*");
    }
}
