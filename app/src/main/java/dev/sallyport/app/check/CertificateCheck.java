package dev.sallyport.app.check;

import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.app.config.TraceConfiguration;
import dev.sallyport.gateway.http.CertificateFiles;
import dev.sallyport.gateway.http.ClientTls;
import dev.sallyport.gateway.http.Pem;
import dev.sallyport.gateway.http.ServerTls;
import dev.sallyport.gateway.upstream.TlsSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Whether certificates, keys and authorities can be used, belong together, and are valid for some time to come. */
final class CertificateCheck {
    private static final Duration SOON = Duration.ofDays(30);
    private static final String REPLACE = "put a renewed one in its place; it is taken without a restart";

    private final Subject subject;
    private final Findings findings;

    private CertificateCheck(Subject subject, Findings findings) {
        this.subject = subject;
        this.findings = findings;
    }

    static void examine(Subject subject, Findings findings) {
        CertificateCheck check = new CertificateCheck(subject, findings);
        List<CertificateFiles> shown = subject.configuration().certificates();
        for (int i = 0; i < shown.size(); i++) {
            check.listener(shown.get(i), i);
        }
        subject.configuration().models().forEach(check::model);
        TraceConfiguration traces = subject.configuration().traces();
        Path trust = traces == null ? null : traces.trust();
        if (trust != null) {
            check.tryValidity(trust, subject.places().of("telemetry", "otlp", "trust"), FindingCode.AUTHORITY_EXPIRED);
        }
    }

    private void listener(CertificateFiles files, int index) {
        Place place = subject.places().of("tls", index, "certificate");
        try {
            ServerTls.load(List.of(files)).close();
            validity(files.certificate(), place, FindingCode.CERTIFICATE_EXPIRED);
        } catch (IOException unusable) {
            unusable(place, unusable);
        }
    }

    private void model(String name, ModelConfiguration model) {
        TlsSpec tls = model.tls();
        if (tls.equals(TlsSpec.DEFAULTS)) {
            return;
        }
        boolean loaded = load(subject.places().of("models", name, "tls"), tls);
        for (int i = 0; loaded && i < tls.trust().size(); i++) {
            Place place = subject.places().of("models", name, "tls", "trust", i);
            tryValidity(tls.trust().get(i), place, FindingCode.AUTHORITY_EXPIRED);
        }
        Path certificate = tls.certificate();
        if (loaded && certificate != null) {
            tryValidity(certificate, subject.places().of("models", name, "tls", "certificate"),
                    FindingCode.CERTIFICATE_EXPIRED);
        }
    }

    private boolean load(Place place, TlsSpec tls) {
        try {
            ClientTls.load(tls.trust(), tls.certificate(), tls.key()).release();
            return true;
        } catch (IllegalArgumentException failure) {
            unusable(place, failure);
            return false;
        }
    }

    private void unusable(Place place, Exception failure) {
        findings.add(FindingCode.CERTIFICATE_UNUSABLE, place, String.valueOf(failure.getMessage()),
                "name the PEM files of a certificate and of its own, unencrypted key");
    }

    private void tryValidity(Path file, Place place, FindingCode expired) {
        try {
            validity(file, place, expired);
        } catch (IOException unreadable) {
            unusable(place, unreadable);
        }
    }

    private void validity(Path file, Place place, FindingCode expired) throws IOException {
        for (X509Certificate certificate : Pem.certificates(Files.readAllBytes(file))) {
            Instant begin = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            String which = file + ": the certificate of " + certificate.getSubjectX500Principal().getName();
            if (end.isBefore(subject.now())) {
                findings.add(expired, place, which + " expired on " + Durations.date(end), REPLACE);
            } else if (begin.isAfter(subject.now())) {
                findings.add(expired, place, which + " is not valid before " + Durations.date(begin),
                        "use another until then, and look at the machine's clock");
            } else if (end.isBefore(subject.now().plus(SOON))) {
                findings.add(FindingCode.CERTIFICATE_EXPIRES_SOON, place,
                        "%s expires on %s, in %d days".formatted(which, Durations.date(end),
                                Duration.between(subject.now(), end).toDays()),
                        REPLACE);
            }
        }
    }
}
