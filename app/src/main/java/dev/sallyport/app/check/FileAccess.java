package dev.sallyport.app.check;

import static java.util.Objects.requireNonNullElse;

import dev.sallyport.app.config.AccessLogTarget;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.app.config.SpendingJournal;
import dev.sallyport.gateway.http.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether other users of the machine can read secrets or write the configuration, and whether we can write our own files. */
final class FileAccess {
    private final Subject subject;
    private final Findings findings;
    /** Several models may show the same secret. */
    private final Set<Path> seen = new HashSet<>();

    private FileAccess(Subject subject, Findings findings) {
        this.subject = subject;
        this.findings = findings;
    }

    static void examine(Subject subject, Findings findings) {
        FileAccess access = new FileAccess(subject, findings);
        access.configuration();
        Path directory = requireNonNullElse(subject.file().toAbsolutePath().getParent(), subject.file());
        List<CertificateFiles> shown = subject.configuration().certificates();
        for (int i = 0; i < shown.size(); i++) {
            access.secret(shown.get(i).key(), subject.places().of("tls", i, "key"));
        }
        subject.configuration().models().forEach((name, model) -> {
            Path key = model.tls().key();
            if (key != null) {
                access.secret(key, subject.places().of("models", name, "tls", "key"));
            }
            // The secret has been read: only the file still knows where from.
            String credential = subject.places().text("models", name, "credential");
            credential = credential == null ? subject.places().text("models", name, "credential", "file") : credential;
            if (credential != null && model.credential() != null) {
                access.secret(directory.resolve(credential), subject.places().of("models", name, "credential"));
            }
        });
        if (subject.configuration().accessLog() instanceof AccessLogTarget.File(Path log)) {
            access.log(log);
        }
        if (subject.configuration().spendingJournal() instanceof SpendingJournal.In(Path journal)) {
            access.journal(journal);
        }
    }

    /** Reading it does no harm, as it holds no secret. */
    private void configuration() {
        if (permissions(subject.file()).contains(PosixFilePermission.OTHERS_WRITE)) {
            findings.add(FindingCode.CONFIGURATION_EXPOSED, subject.places().of(),
                    "every user of this machine can change the configuration, and so who may call what",
                    "chmod o-w " + subject.file());
        }
    }

    private void secret(Path file, Place place) {
        if (seen.add(file) && permissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            findings.add(FindingCode.SECRET_EXPOSED, place, "every user of this machine can read " + file,
                    "chmod o= " + file);
        }
    }

    private void log(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file) ? Files.isRegularFile(file) && Files.isWritable(file)
                : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
        if (!writable) {
            findings.add(FindingCode.LOG_UNWRITABLE, subject.places().of("telemetry", "access-log"),
                    file + " cannot be written",
                    "make its directory, and let the user that runs the gateway write there");
        }
    }

    /** It is made when it is not there, with those above it. */
    private void journal(Path directory) {
        Path there = directory.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            findings.add(FindingCode.JOURNAL_UNWRITABLE, subject.places().of("spending", "journal"),
                    directory + " cannot be written",
                    "let the user that runs the gateway write there, or name another directory");
        }
    }

    /** None where the file system has no such permissions, or there is no such file. */
    private static Set<PosixFilePermission> permissions(Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException | IOException unknown) {
            return Set.of();
        }
    }
}
