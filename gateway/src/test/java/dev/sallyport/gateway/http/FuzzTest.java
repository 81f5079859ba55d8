package dev.sallyport.gateway.http;

import dev.sallyport.gateway.testing.Fuzzing;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FuzzTest {
    @TestFactory
    Stream<DynamicTest> http1Parsers() {
        return Fuzzing.of(Http1ParserFuzz.class);
    }

    @TestFactory
    Stream<DynamicTest> http1Connections() {
        return Fuzzing.of(Http1ConnectionFuzz.class);
    }

    @TestFactory
    Stream<DynamicTest> http2Connections() {
        return Fuzzing.of(Http2ConnectionFuzz.class);
    }
}
