package dev.sallyport.gateway.inspect.fuzz;

import dev.sallyport.gateway.testing.Fuzzing;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class BodyFuzzTest {
    @TestFactory
    Stream<DynamicTest> pictures() {
        return Fuzzing.of(PictureFuzz.class);
    }

    @TestFactory
    Stream<DynamicTest> forms() {
        return Fuzzing.of(MultipartFuzz.class);
    }

    @TestFactory
    Stream<DynamicTest> json() {
        return Fuzzing.of(JsonFuzz.class);
    }

    @TestFactory
    Stream<DynamicTest> codings() {
        return Fuzzing.of(CodingFuzz.class);
    }
}
