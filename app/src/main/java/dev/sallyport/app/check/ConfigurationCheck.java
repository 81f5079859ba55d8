package dev.sallyport.app.check;

import static java.util.Objects.requireNonNull;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.Examination;
import dev.sallyport.app.config.Finding;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Everything that can be said about a configuration before anything is started. */
public final class ConfigurationCheck {
    private final InstantSource clock;
    private final boolean offline;
    private final boolean strict;

    /**
     * @param clock   against which expiry is judged
     * @param offline whether no connection is opened
     * @param strict  whether a model that cannot be reached is an error
     */
    public ConfigurationCheck(InstantSource clock, boolean offline, boolean strict) {
        this.clock = requireNonNull(clock, "clock is null");
        this.offline = offline;
        this.strict = strict;
    }

    /** Reads the file and what it names, and connects to the models unless this check is offline. Blocks. */
    public CheckReport of(Path file) {
        Examination examination = ConfigurationLoader.examine(file);
        List<Finding> found = new ArrayList<>(examination.errors());
        found.addAll(examination.notices());
        Configuration configuration = examination.configuration();
        if (configuration != null) {
            Subject subject = new Subject(file, configuration, examination.places(), examination.errors(),
                    clock.instant());
            found.addAll(examine(subject));
        }
        return CheckReport.of(configuration, found, strict);
    }

    private List<Finding> examine(Subject subject) {
        Findings findings = new Findings(subject.file().toString());
        TimeoutCascade.examine(subject, findings);
        CertificateCheck.examine(subject, findings);
        FileAccess.examine(subject, findings);
        Grants.examine(subject, findings);
        KeyExpiry.examine(subject, findings);
        SkippedControls.examine(subject, findings);
        if (!offline) {
            Reachability.examine(subject, findings);
        }
        return findings.all();
    }
}
