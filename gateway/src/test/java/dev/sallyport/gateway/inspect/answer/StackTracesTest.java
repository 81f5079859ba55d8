package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.call.Headers;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StackTracesTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "Traceback (most recent call last):\n",
        "{\"detail\":\"x\\n  File \\\"/srv/serve.py\\\", line 31, in predict\"}",
        "File \"/srv/serve.py\", line 31",
        "java.lang.NullPointerException\n\tat com.example.Model.predict(Model.java:42)",
        "{\"trace\":\"java.lang.X\\n\\tat com.example.Model.predict(Native Method)\"}",
        "panic: runtime error\n\ngoroutine 1 [running]:",
        "main.predict()\n\t/app/main.go:42 +0x1d",
        "thread 'main' panicked at src/main.rs:4:5",
        "TypeError: x\n    at predict (/app/index.js:10:5)",
        "System.Exception: x in C:\\app\\Model.cs:line 42",
        "/app/model.rb:12:in `predict'",
        "PHP Fatal error in /var/www/index.php(31)",
        "[enforce fail at tensor.cc:12]"})
    void knowsTracesOfManyLanguages(String text) {
        assertThat(present(text)).isTrue();
        assertThat(present("x".repeat(10_000) + text + "y")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ".", ".py", "the file a.py", "{\"detail\":\"'instances' is missing\"}", "version 1.2.3",
        "see http://a.example/x.js?v=1",
        "{\"loc\":[\"body\",\"file\"],\"msg\":\"Field required\",\"type\":\"missing\"}", "at most 5 images",
        "upload photo.h:eic"})
    void leavesWhatAClientIsMeantToRead(String text) {
        assertThat(present(text)).isFalse();
    }

    @Test
    void aGrpcMessageIsBoundedWithoutCuttingAnEscapeApart() {
        Headers trailers = Headers.of("grpc-status", "3", "grpc-message", "x".repeat(1_023) + "%C3%A9tc");
        GrpcMessage.clean(trailers);
        assertThat(trailers.first("grpc-message")).isEqualTo("x".repeat(1_023));
        assertThat(trailers.first("grpc-status")).isEqualTo("3");
    }

    @Test
    void aGrpcMessageThatHoldsATraceIsWithheldWithItsDetails() {
        Headers trailers = Headers.of("grpc-status", "13", "grpc-message",
                "Exception: %0A  File %22/srv/a.py%22, line 3", "grpc-status-details-bin", "abc");
        GrpcMessage.clean(trailers);
        assertThat(trailers.first("grpc-message")).isEqualTo("upstream-error: the message is withheld");
        assertThat(trailers.contains("grpc-status-details-bin")).isFalse();
        assertThat(trailers.first("grpc-status")).isEqualTo("13");
    }

    private static boolean present(String text) {
        return StackTraces.present(Unpooled.copiedBuffer(text, UTF_8));
    }
}
