package dev.sallyport.app;

import dev.sallyport.app.check.CheckReport;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.Finding;
import dev.sallyport.app.config.FindingCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A report for people: the worst first, each with its place as a link, and what to do on a line of its own. */
record CheckPage(CheckReport report, PrintWriter out) {
    void print(Path file) {
        each(report.errors(), "@|bold,red error|@");
        each(report.warnings(), "@|bold,yellow warning|@");
        each(report.notices(), "@|bold notice|@");
        skips();
        out.println(summary(file));
    }

    private void each(List<Finding> findings, String severity) {
        findings.forEach(finding -> {
            out.println(place(finding) + ": " + Ansi.AUTO.string(severity) + ": " + finding.message());
            remedy(finding);
        });
        gap(findings);
    }

    /** What is alike stands together, so that a long list can be read. */
    private void skips() {
        Map<FindingCode, List<Finding>> alike = new LinkedHashMap<>();
        report.skips().forEach(skip -> alike.computeIfAbsent(skip.code(), _ -> new ArrayList<>()).add(skip));
        if (!alike.isEmpty()) {
            out.println(Ansi.AUTO.string("@|bold Ways past a control|@, as configured:"));
        }
        alike.values().forEach(skips -> {
            skips.forEach(skip -> out.println(place(skip) + ": " + skip.message()));
            remedy(skips.getFirst());
        });
        gap(report.skips());
    }

    private static String place(Finding finding) {
        return finding.file() + ":" + finding.position().line() + ":" + finding.position().column();
    }

    private void remedy(Finding finding) {
        if (!finding.remedy().isEmpty()) {
            out.println("    → " + finding.remedy());
        }
    }

    private void gap(List<Finding> findings) {
        if (!findings.isEmpty()) {
            out.println();
        }
    }

    private String summary(Path file) {
        List<String> parts = new ArrayList<>();
        Configuration configuration = report.configuration();
        if (report.valid() && configuration != null) {
            parts.add(count(configuration.models().size(), "model"));
            parts.add(count(configuration.callers().size(), "caller"));
        } else {
            parts.add(count(report.errors().size(), "error"));
        }
        parts.add(count(report.warnings().size(), "warning"));
        parts.add(count(report.skips().size(), "way") + " past a control");
        return file + " is " + (report.valid() ? "valid: " : "not valid: ") + String.join(", ", parts);
    }

    private static String count(int number, String noun) {
        return (number == 0 ? "no" : Integer.toString(number)) + " " + noun + (number == 1 ? "" : "s");
    }
}
