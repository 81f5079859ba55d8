package dev.sallyport.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sallyport.gateway.http.Listener;
import dev.sallyport.gateway.http.Loops;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What no class of the gateway may use, because a call must never wait for it or pay for it. */
final class HotPathTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.sallyport.gateway");
    private static final DescribedPredicate<JavaClass> SLEEPERS =
            Predicates.type(Thread.class).or(Predicates.type(TimeUnit.class));

    @Test
    void nothingSleeps() {
        noClasses().should().callMethodWhere(target(nameMatching("sleep")).and(target(owner(SLEEPERS))))
                .because("an event loop that sleeps holds up every call on it; schedule a task on the loop instead")
                .check(CLASSES);
    }

    @Test
    void nothingWaitsForAFuture() {
        noClasses().that().doNotBelongToAnyOf(Loops.class, Listener.class) // begin and end outside of the loops, and wait for that
                .should().callMethodWhere(target(nameMatching("get|join|sync|syncUninterruptibly|await.*"))
                        .and(target(owner(Predicates.assignableTo(Future.class)))))
                .because("an event loop that waits for itself never ends; add a listener instead")
                .check(CLASSES);
    }

    @Test
    void nothingMatchesByRegularExpression() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.util.regex..")
                .orShould().callMethodWhere(target(nameMatching("matches|replaceAll|replaceFirst"))
                        .and(target(owner(Predicates.type(String.class))))
                        .and(describe("from a method", call -> call.getOrigin().isMethod()))) // not once per snapshot
                .because("its time can grow without bound with the input; compare characters instead")
                .check(CLASSES);
    }

    @Test
    void nothingReflects() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.reflect..")
                .because("wiring is plain constructors; pass the object instead")
                .check(CLASSES);
    }

    /** Off the path of a healthy call: reloads, TLS contexts, name resolution, and endpoints in trouble. */
    private static final String OFF_THE_PATH = ".*\\.(Upstreams|ServerTls|ClientTls|Addresses|Health)";

    @Test
    void noMethodOnThePathIsSynchronized() {
        methods().that().areDeclaredInClassesThat().haveNameNotMatching(OFF_THE_PATH).should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .because("a call lives on one event loop and needs no lock; hand work to the owner's loop instead")
                .check(CLASSES);
    }
}
