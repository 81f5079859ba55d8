package dev.sallyport.gateway.inspect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExcerptTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Authorization: Bearer abc.def-123 rest | Authorization: Bearer *** rest",
        "authorization=basic dXNlcjpwYXNz; | authorization=basic ***;",
        "password='hunter 2' next | password='***' next",
        "{\"db_password\": \"hunter2\", \"a\": 1} | {\"db_password\": \"***\", \"a\": 1}",
        "DB_PASSWORD=p@ss/w=rd next | DB_PASSWORD=*** next",
        "api_key: k | api_key: ***",
        "AWS_SECRET_ACCESS_KEY=abc | AWS_SECRET_ACCESS_KEY=***",
        "postgres://user:pw@db:5432/x | postgres://***@db:5432/x",
        "key sk-abcdefghijkl is bad | key *** is bad",
        "AKIAIOSFODNN7EXAMPLE | ***",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x | ***.***.x",
        "id 4f0c2a7b9d1e4c55a6b7c8d9e0f1a2b3 | id ***"})
    void masksWhatLooksLikeASecret(String text, String expected) {
        assertThat(SecretMask.masked(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Traceback (most recent call last):", "/usr/lib/python3.11/site-packages/torch/nn/modules/linear.py",
        "shapes (3,224,224) and (4,) not aligned", "http://127.0.0.1:8000/predict", "the token is missing",
        "CUDA out of memory. Tried to allocate 2.00 GiB", "the basic idea", "0x7f8b2c3d4e50"})
    void leavesWhatAnOperatorNeeds(String text) {
        assertThat(SecretMask.masked(text)).isEqualTo(text);
    }

    @Test
    void masksAPrivateKey() {
        assertThat(
                SecretMask.masked("a -----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc/def\n-----END RSA PRIVATE KEY----- b"))
                .isEqualTo("a -----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----***");
    }

    @Test
    void isOneLineThatNoTerminalObeys() {
        assertThat(excerpt("a\r\nb\tc\\d\u001b[2J\u202e\u2028\u0085é日", 100))
                .isEqualTo("a\\r\\nb\\tc\\\\d\\u{1b}[2J\\u{202e}\\u{2028}\\u{85}é日");
    }

    @Test
    void isBoundedAndSurvivesWhatIsNoText() {
        assertThat(excerpt("abcdef", 3)).isEqualTo("abc…");
        assertThat(Excerpt.of(Unpooled.wrappedBuffer(new byte[]{(byte) 0xff, 0, 'a'}), 10)).isEqualTo("\ufffd\\u{0}a");
    }

    private static String excerpt(String text, int bytesMax) {
        return Excerpt.of(Unpooled.copiedBuffer(text, UTF_8), bytesMax);
    }
}
