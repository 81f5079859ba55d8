package dev.sallyport.bench;

import dev.sallyport.gateway.inspect.json.JsonInspector;
import dev.sallyport.gateway.inspect.json.JsonLimits;
import dev.sallyport.gateway.inspect.json.JsonOutcome;
import dev.sallyport.gateway.inspect.json.JsonRule;
import dev.sallyport.gateway.inspect.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What it costs to prove a request's JSON sound, beside the streaming parser of Jackson that is made as strict as it can be.
 * Every text has a million bytes, so microseconds per call are microseconds per megabyte: 2,000 are 500 MB/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonBenchmark {
    private static final int BYTES = 1_000_000;

    @Param({"prompt", "multilingual", "tensor", "records"})
    public String text = "prompt";

    private final JsonFactory jackson = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(2 * BYTES).build())
            .build();
    private final JsonInspector inspector = JsonInspector.of(JsonRule.DEFAULTS);
    private byte[] array = new byte[0];
    private ByteBuf direct = Unpooled.EMPTY_BUFFER;

    @Setup
    public void make() {
        Random random = new Random(1);
        StringBuilder json = new StringBuilder();
        switch (text) {
            case "prompt" -> {
                json.append("{\"model\":\"m\",\"prompt\":\"");
                repeat(json,
                        "The quick brown fox said: \\\"jump over the lazy dog\\\",\\n and so it did, again and again. ");
                json.append("\"}");
            }
            case "multilingual" -> {
                json.append("{\"model\":\"m\",\"prompt\":\"");
                repeat(json, "Привет, мир! 你好，世界。Grüße aus München 😀 ");
                json.append("\"}");
            }
            case "tensor" -> {
                json.append("{\"instances\":[[");
                while (json.length() < BYTES - 40) {
                    json.append((float) random.nextGaussian()).append(random.nextInt(224) == 0 ? "],[" : ",");
                }
                json.append("0.0]]}");
            }
            default -> {
                json.append("{\"rows\":[");
                while (json.length() < BYTES - 200) {
                    json.append("{\"id\":").append(random.nextInt(100_000))
                            .append(",\"name\":\"customer-").append(random.nextInt(1_000))
                            .append("\",\"active\":").append(random.nextBoolean())
                            .append(",\"balance\":").append(random.nextInt(10_000) / 100.0)
                            .append(",\"tags\":[\"a\",\"bc\"],\"country_of_origin\":\"DE\",\"note\":null},");
                }
                json.append("{}]}");
            }
        }
        array = json.toString().getBytes(StandardCharsets.UTF_8);
        direct = Unpooled.directBuffer(array.length).writeBytes(array);
    }

    private static void repeat(StringBuilder json, String piece) {
        int size = piece.getBytes(StandardCharsets.UTF_8).length;
        json.append(piece.repeat(BYTES / size));
    }

    /** Soundness alone. */
    @Benchmark
    public JsonOutcome scan() {
        return JsonScanner.ofThisThread().scan(direct, JsonLimits.DEFAULTS);
    }

    /** Soundness and the number of instances: what a call pays. */
    @Benchmark
    public JsonOutcome inspect() {
        return inspector.inspect("/predict", direct);
    }

    /** Every token of Jackson's parser, no value of which is asked for; its strings are not checked for lone surrogates. */
    @Benchmark
    public int jackson() {
        int tokens = 0;
        try (JsonParser parser = jackson.createParser(ObjectReadContext.empty(), array)) {
            while (parser.nextToken() != null) {
                parser.finishToken();
                tokens++;
            }
        }
        return tokens;
    }
}
