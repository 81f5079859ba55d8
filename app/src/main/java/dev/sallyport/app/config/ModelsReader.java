package dev.sallyport.app.config;

import dev.sallyport.app.config.SectionReader.Located;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads all models, and sees to what must hold between them. */
final class ModelsReader {
    private final SectionReader root;
    private final Directory directory;
    private final SpendingReader spending;
    private final Map<String, Set<String>> versionsByModel = new HashMap<>();

    ModelsReader(SectionReader root, Directory directory, SpendingReader spending) {
        this.root = root;
        this.directory = directory;
        this.spending = spending;
    }

    /** The valid models. */
    Map<String, ModelConfiguration> read() {
        Map<String, ModelConfiguration> models = new LinkedHashMap<>();
        Map<String, String> modelsByHost = new HashMap<>();
        root.each(RootKeys.MODELS, (name, reader) -> {
            ModelReader modelReader = new ModelReader(reader, directory, spending);
            ModelConfiguration model = modelReader.read();
            versionsByModel.put(name, modelReader.versionNames());
            if (model != null) {
                models.put(name, model);
            }
            for (Located<String> host : reader.located(ModelKeys.HOSTS)) {
                String other = modelsByHost.putIfAbsent(host.value(), name);
                if (other != null) {
                    reader.error(host.position(), reader.path() + ".hosts: " + Shown.quoted(host.value())
                            + " belongs to models." + other + " already; a host has one model");
                }
            }
        });
        return models;
    }

    /** The names of the versions of every model that the file names, valid or not. Complete after {@link #read}. */
    Map<String, Set<String>> versionsByModel() {
        return versionsByModel;
    }
}
