package dev.sallyport.gateway.policy;

import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one list of {@code may} entries comes to.
 *
 * @param resources the ids of all existing resources that it grants
 * @param refusal   the one refusal for everything else
 */
record Grant(Set<String> resources, Refusal refusal) {
    /** How many names a refusal lists at most. */
    static final int LISTED_MAX = 50;

    static Grant of(List<String> entries, ResourceIndex index) {
        Set<String> granted = new HashSet<>();
        Set<String> names = new TreeSet<>();
        for (String entry : entries) {
            int at = entry.indexOf('@');
            String model = at < 0 ? entry : entry.substring(0, at);
            if (model.indexOf('*') < 0) {
                grant(entry, index.named(model), granted, names);
            } else {
                index.byName().values().forEach(versions -> grant(entry, versions, granted, names));
            }
        }
        return new Grant(Set.copyOf(granted), refusal(callable(names, index, granted)));
    }

    private static void grant(String entry, List<Resource> versions, Set<String> granted, Set<String> names) {
        for (Resource resource : versions) {
            if (NamePattern.grants(entry, resource.name(), resource.version())) {
                granted.add(resource.id());
                names.add(resource.name());
            }
        }
    }

    /** What a caller can put into a path: a model's name when all its versions are granted, else each version's id. */
    private static List<String> callable(Set<String> names, ResourceIndex index, Set<String> granted) {
        List<String> callable = new ArrayList<>();
        for (String name : names) {
            List<String> ids = index.named(name).stream().map(Resource::id).sorted().toList();
            if (granted.containsAll(ids)) {
                callable.add(name);
            } else {
                ids.stream().filter(granted::contains).forEach(callable::add);
            }
        }
        return callable;
    }

    private static Refusal refusal(List<String> callable) {
        String detail;
        if (callable.isEmpty()) {
            detail = "This caller may call nothing.";
        } else if (callable.size() <= LISTED_MAX) {
            detail = "This caller may call only what `may` lists.";
        } else {
            detail = "This caller may call " + callable.size() + " resources, but not this one; `may` lists the first "
                    + LISTED_MAX + ".";
        }
        List<String> listed = List.copyOf(callable.subList(0, Math.min(LISTED_MAX, callable.size())));
        return new Refusal(RefusalCode.NOT_PERMITTED, detail, Map.of("may", listed), Map.of());
    }
}
