package dev.sallyport.testkit.product;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Outcome;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.testkit.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alerts that ship speak of metrics, codes and phases that exist, and Prometheus reads them. */
final class OperationsFilesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path OPS = ROOT.resolve("ops");
    private static final Path ALERTS = OPS.resolve("prometheus/alerts.yaml");
    private static final Path ALERTS_TEST = OPS.resolve("prometheus/alerts_test.yaml");
    private static final Path DASHBOARD = OPS.resolve("grafana/sallyport.json");
    private static final Pattern METRIC = Pattern.compile("(?<![:\\w])(sallyport|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern MATCHER = Pattern.compile("(code|outcome|phase)=~?\"([^\"]+)\"");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z][a-z_]*)");
    private static final int GRID_COLUMNS = 24;

    @TempDir
    private Path directory;

    @Test
    void everyMetricOfDashboardAndAlertsIsDocumented() throws Exception {
        Set<String> documented = new HashSet<>();
        try (Stream<String> lines = Files.lines(ROOT.resolve("docs/reference/metrics.md"))) {
            lines.filter(line -> line.startsWith("| `")).forEach(line -> documented.add(line.split("`")[1]));
        }
        try (TestGateway gateway = TestGateway.start("models: {}\ncallers: {}\n")) {
            gateway.admin("/metrics").lines().filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" ")[2])
                    .filter(name -> !name.startsWith("sallyport_")).forEach(documented::add);
        }

        Set<String> named = new TreeSet<>();
        for (String expression : expressions()) {
            METRIC.matcher(expression).results().forEach(found -> named.add(family(found.group(), documented)));
        }

        assertThat(named).hasSizeGreaterThan(20);
        assertThat(documented).containsAll(named);
    }

    @Test
    void everyCodeOutcomeAndPhaseThatIsMatchedExists() throws Exception {
        Map<String, Set<String>> known = Map.of(
                "code", texts(RefusalCode.values(), RefusalCode::text),
                "outcome", texts(Outcome.values(), Outcome::text),
                "phase", texts(Phase.values(), Phase::text));
        int matched = 0;
        for (String expression : expressions()) {
            Matcher matcher = MATCHER.matcher(expression);
            while (matcher.find()) {
                matched++;
                assertThat(known.get(matcher.group(1))).as(expression).contains(matcher.group(2).split("\\|"));
            }
        }
        assertThat(matched).isPositive();
    }

    @Test
    void theDashboardIsWellFormed() throws Exception {
        JsonNode dashboard = JsonMapper.builder().build().readTree(Files.readString(DASHBOARD));
        Set<String> variables = dashboard.get("templating").get("list").valueStream()
                .map(variable -> variable.get("name").stringValue()).collect(Collectors.toSet());
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();

        assertThat(dashboard.get("uid").stringValue()).isEqualTo("sallyport");
        for (JsonNode panel : dashboard.get("panels")) {
            String title = panel.get("title").stringValue();
            assertThat(ids.add(panel.get("id").intValue())).as(title).isTrue();
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").intValue() + place.get("w").intValue()).as(title)
                    .isLessThanOrEqualTo(GRID_COLUMNS);
            for (int x = 0; x < place.get("w").intValue(); x++) {
                for (int y = 0; y < place.get("h").intValue(); y++) {
                    assertThat(cells.add((place.get("x").intValue() + x) + "," + (place.get("y").intValue() + y)))
                            .as(title + " lies over another panel").isTrue();
                }
            }
            if (!panel.get("type").stringValue().equals("row")) {
                assertThat(panel.get("targets")).as(title).isNotEmpty();
                assertThat(panel.get("datasource").get("uid").stringValue()).isEqualTo("${datasource}");
                assertThat(panel.get("fieldConfig").get("defaults").get("unit").stringValue()).isNotEmpty();
                Set<String> references = new HashSet<>();
                for (JsonNode target : panel.get("targets")) {
                    assertThat(references.add(target.get("refId").stringValue())).as(title).isTrue();
                    VARIABLE.matcher(target.get("expr").stringValue()).results()
                            .forEach(used -> assertThat(variables).as(title).contains(used.group(1)));
                }
            }
        }
    }

    @Test
    void everyAlertIsSeenFiringAndSaysHowUrgentItIs() throws Exception {
        Set<String> alerts = new TreeSet<>();
        for (Map<?, ?> rule : rules()) {
            if (rule.get("alert") instanceof String alert) {
                assertThat(alerts.add(alert)).as(alert).isTrue();
                assertThat(map(rule.get("labels")).get("severity")).as(alert).isIn("page", "ticket");
                assertThat(map(rule.get("annotations")).get("summary")).as(alert).isNotNull();
            }
        }
        Set<String> fired = new TreeSet<>();
        for (Object test : list(yaml(ALERTS_TEST).get("tests"))) {
            for (Object each : list(map(test).get("alert_rule_test"))) {
                Map<?, ?> expected = map(each);
                if (!list(expected.get("exp_alerts")).isEmpty()) {
                    fired.add(String.valueOf(expected.get("alertname")));
                }
            }
        }
        assertThat(fired).isEqualTo(alerts).isNotEmpty();
    }

    @Test
    void promtoolRunsTheTestsOfTheAlerts() throws Exception {
        InstalledTool promtool = InstalledTool.orSkip("promtool");

        InstalledTool.Run check = promtool.run("", "check", "rules", ALERTS.toString());
        InstalledTool.Run test = promtool.run("", "test", "rules", ALERTS_TEST.toString());

        assertThat(check.exitCode()).as(check.text()).isZero();
        assertThat(test.exitCode()).as(test.text()).isZero();
        assertThat(test.text()).contains("SUCCESS");
    }

    @Test
    void promtoolReadsEveryExpressionOfTheDashboard() throws Exception {
        InstalledTool promtool = InstalledTool.orSkip("promtool");
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int number = 0;
        for (String expression : dashboardExpressions()) {
            String concrete = expression.replaceAll("\\$__(rate_interval|interval|range)", "5m")
                    .replaceAll("\\$[a-z]+", ".*");
            rules.append("      - {record: 'panel:").append(number++).append("', expr: '").append(concrete)
                    .append("'}\n");
        }
        Path file = Files.writeString(directory.resolve("dashboard.yaml"), rules);

        InstalledTool.Run check = promtool.run("", "check", "rules", file.toString());

        assertThat(check.exitCode()).as(check.text()).isZero();
        assertThat(check.text()).contains(number + " rules found");
    }

    /** Histograms are documented by their own name, and not by those of their series. */
    private static String family(String name, Set<String> documented) {
        return documented.contains(name) ? name : name.replaceFirst("_(bucket|sum|count)$", "");
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>(dashboardExpressions());
        for (Map<?, ?> rule : rules()) {
            expressions.add(String.valueOf(rule.get("expr")));
        }
        return expressions;
    }

    private static List<String> dashboardExpressions() throws IOException {
        JsonNode dashboard = JsonMapper.builder().build().readTree(Files.readString(DASHBOARD));
        List<String> expressions = new ArrayList<>(dashboard.findValuesAsString("expr"));
        assertThat(expressions).hasSizeGreaterThan(30);
        return expressions;
    }

    private static List<Map<?, ?>> rules() throws IOException {
        List<Map<?, ?>> rules = new ArrayList<>();
        for (Object group : list(yaml(ALERTS).get("groups"))) {
            for (Object rule : list(map(group).get("rules"))) {
                rules.add(map(rule));
            }
        }
        return rules;
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        return map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    }

    private static Map<?, ?> map(@Nullable Object node) {
        return (Map<?, ?>) requireNonNull(node);
    }

    private static List<?> list(@Nullable Object node) {
        return (List<?>) requireNonNull(node);
    }

    private static <T> Set<String> texts(T[] values, java.util.function.Function<T, String> text) {
        return Arrays.stream(values).map(text).collect(Collectors.toSet());
    }
}
