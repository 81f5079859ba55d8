package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeadersTest {
    @Test
    void repeatedFieldsStaySeparateAndInOrder() {
        Headers headers = Headers.of("a", "1", "b", "2", "a", "3");

        assertThat(headers.all("a")).containsExactly("1", "3");
        assertThat(headers.first("a")).isEqualTo("1");
        assertThat(headers.count("a")).isEqualTo(2);
        assertThat(headers.first("c")).isNull();
    }

    @Test
    void removingKeepsTheOrderOfTheOthers() {
        Headers headers = Headers.of("a", "1", "b", "2", "a", "3", "c", "4").remove("a");

        assertThat(headers.size()).isEqualTo(2);
        assertThat(headers.name(0)).isEqualTo("b");
        assertThat(headers.name(1)).isEqualTo("c");
    }

    @Test
    void settingReplacesEveryFieldOfTheName() {
        assertThat(Headers.of("a", "1", "a", "2").set("a", "3").all("a")).containsExactly("3");
    }

    @Test
    void growsBeyondItsFirstSize() {
        Headers headers = new Headers(1);
        for (int i = 0; i < 100; i++) {
            headers.add("n" + i, "v" + i);
        }
        assertThat(headers.size()).isEqualTo(100);
        assertThat(headers.first("n99")).isEqualTo("v99");
    }

    @Test
    void aCopyIsIndependent() {
        Headers original = Headers.of("a", "1");
        original.copy().add("b", "2");
        assertThat(original.size()).isEqualTo(1);
    }

    @Test
    void doesNotPrintValues() {
        assertThat(Headers.of("authorization", "Bearer secret").toString()).contains("authorization")
                .doesNotContain("secret");
    }
}
