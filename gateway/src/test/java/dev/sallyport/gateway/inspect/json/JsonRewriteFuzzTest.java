package dev.sallyport.gateway.inspect.json;

import dev.sallyport.gateway.testing.Fuzzing;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class JsonRewriteFuzzTest {
    @TestFactory
    Stream<DynamicTest> json() {
        return Fuzzing.of(JsonRewriteFuzz.class);
    }
}
