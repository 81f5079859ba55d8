package dev.sallyport.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which room of the gateway may know which. Think hard before changing this: a control that knows another control, or
 * a room that knows the pipeline, can no longer be read, tested or replaced alone.
 */
final class LayeringTest {
    private static final String GATEWAY = "dev.sallyport.gateway";

    /** Every room, and the rooms that it may depend on. */
    private static final Map<String, List<String>> ROOMS = Map.ofEntries(
            Map.entry("call", List.of()),
            Map.entry("http", List.of("call")),
            Map.entry("route", List.of("call")),
            Map.entry("identity", List.of("call")),
            Map.entry("limit", List.of("call")),
            Map.entry("policy", List.of("call")),
            Map.entry("inspect", List.of("call")),
            Map.entry("upstream", List.of("call", "http")),
            Map.entry("telemetry", List.of("call")),
            Map.entry("pipeline", List.of(
                    "call", "http", "route", "identity", "limit", "policy", "inspect", "upstream", "telemetry")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(GATEWAY);

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomKnowsOnlyTheRoomsBelowIt(String room) {
        String[] allowed = Stream.concat(Stream.of(room), ROOMS.getOrDefault(room, List.of()).stream())
                .map(LayeringTest::packagesOf)
                .toArray(String[]::new);

        classes().that().resideInAPackage(packagesOf(room))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(not(resideInAPackage("dev.sallyport.."))))
                .check(CLASSES);
    }

    @Test
    void everyClassIsInARoom() {
        assertThat(CLASSES)
                .filteredOn(type -> !type.getSimpleName().equals("package-info"))
                .allSatisfy(type -> assertThat(ROOMS).containsKey(roomOf(type.getPackageName())));
    }

    @Test
    void onlyTheHttpAndUpstreamRoomsKnowNettysHandlers() {
        noClasses().that().resideOutsideOfPackages(packagesOf("http"), packagesOf("upstream"))
                .should().dependOnClassesThat().resideInAnyPackage("io.netty.handler..", "io.netty.bootstrap..")
                .because("the call path and the controls must not know protocol versions or Netty's handlers")
                .check(CLASSES);
    }

    private static Stream<String> rooms() {
        return ROOMS.keySet().stream().sorted();
    }

    private static String packagesOf(String room) {
        return GATEWAY + "." + room + "..";
    }

    private static String roomOf(String packageName) {
        return packageName.equals(GATEWAY) ? "" : packageName.substring(GATEWAY.length() + 1).split("\\.", 2)[0];
    }
}
