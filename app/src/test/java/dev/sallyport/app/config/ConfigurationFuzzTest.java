package dev.sallyport.app.config;

import dev.sallyport.gateway.testing.Fuzzing;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ConfigurationFuzzTest {
    @TestFactory
    Stream<DynamicTest> configurations() {
        return Fuzzing.of(ConfigurationFuzz.class);
    }
}
