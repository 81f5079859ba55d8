package dev.sallyport.testkit;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules that hold in every room of the house, checked on the classes and sources of all modules. */
final class HouseRulesTest {
    private static final List<String> MODULES = List.of("gateway", "app", "testkit");
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LINES_MAX = 400;
    private static final int TEST_LINES_MAX = 600;

    private static final JavaClasses PRODUCT = classesIn("classes");
    private static final JavaClasses TESTS = classesIn("test-classes");

    @Test
    void dependenciesPointDownOnly() {
        noClasses().that().resideInAPackage("dev.sallyport.gateway..")
                .should().dependOnClassesThat().resideInAnyPackage("dev.sallyport.app..", "dev.sallyport.testkit..")
                .check(PRODUCT);
        noClasses().that().resideInAPackage("dev.sallyport.app..")
                .should().dependOnClassesThat().resideInAPackage("dev.sallyport.testkit..")
                .check(PRODUCT);
    }

    @Test
    void noPackagesDependOnEachOther() {
        slices().matching("dev.sallyport.(**)").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() throws IOException {
        JavaClasses all = classesIn("classes", "test-classes");

        assertThat(all.stream().map(JavaClass::getPackage).distinct()).isNotEmpty()
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class)).as(room.getName()).isTrue());
        for (Path file : sources()) {
            if (file.endsWith("package-info.java")) {
                assertThat(file).content().startsWith("/**");
            }
        }
    }

    @Test
    void thereIsNoStaticMutableState() {
        fields().that().areStatic().should().beFinal().check(PRODUCT);
        noFields().that().areStatic().should()
                .haveRawType(resideInAPackage("java.util.concurrent.atomic.."))
                .orShould().haveRawType(mutableCollection())
                .because("two gateways in one process must not share anything; pass the object instead")
                .check(PRODUCT);
    }

    @Test
    void logsGoThroughOneFacade() {
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(PRODUCT);
        noClasses().should().dependOnClassesThat()
                .resideInAnyPackage("org.apache.commons.logging..", "org.apache.logging..", "org.apache.log4j..")
                .because("log through SLF4J instead")
                .check(PRODUCT);
        noClasses().that().resideInAPackage("dev.sallyport.gateway..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .because("only commands talk to the person who typed them; log through SLF4J instead")
                .check(PRODUCT);
    }

    @Test
    void noTestSleeps() {
        noClasses().should().callMethodWhere(target(nameMatching("sleep"))
                .and(target(owner(type(Thread.class).or(type(TimeUnit.class))))))
                .because("a test that sleeps is slow, and fails on a slow day; move an injected clock instead")
                .check(TESTS);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes().should().haveNameNotMatching(".*(Utils?|Helpers?|Managers?|Impl|Misc|Common|Base)")
                .because("such a name fits anything; name what it is or does instead")
                .check(PRODUCT);
    }

    @Test
    void everyFileIsShort() throws IOException {
        for (Path file : sources()) {
            assertThat(Files.readAllLines(file).size()).as("lines of " + file)
                    .isLessThanOrEqualTo(file.toString().contains("/src/test/") ? TEST_LINES_MAX : LINES_MAX);
        }
    }

    private static DescribedPredicate<JavaClass> mutableCollection() {
        return DescribedPredicate.describe(
                "a collection that can change",
                type -> !type.isInterface()
                        && (type.isAssignableTo(Map.class) || type.isAssignableTo(Collection.class)));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java") && file.toString().contains("/src/"))
                    .toList();
        }
    }

    /** All modules build alike: into the directory in which this module's test classes lie. */
    private static JavaClasses classesIn(String... directories) {
        Path tests = Path.of(HouseRulesTest.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path build = Path.of("").toAbsolutePath().relativize(tests).resolve("..").normalize();
        return new ClassFileImporter().importPaths(MODULES.stream()
                .flatMap(name -> Stream.of(directories).map(ROOT.resolve(name).resolve(build)::resolve))
                .filter(Files::isDirectory)
                .toList());
    }
}
