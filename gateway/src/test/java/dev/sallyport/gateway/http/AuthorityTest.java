package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "a.example, false, a.example", "A.Example, false, a.example", "a.example:80, false, a.example",
        "a.example:80, true, a.example:80",
        "a.example:443, true, a.example", "a.example:0080, false, a.example", "a.example., false, a.example",
        "a.example:, false, a.example", "[::1], false, [::1]",
        "[2001:DB8::1]:8080, false, [2001:db8::1]:8080", "127.0.0.1:8080, false, 127.0.0.1:8080", "a_b, false, a_b",
        "3.a, false, 3.a", "a.3b, false, a.3b"})
    void bringsAnAuthorityIntoItsNormalForm(String authority, boolean secure, String normal) throws ProtocolViolation {
        assertThat(Authority.normalise(authority, secure)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ".", "a b", "a/x", "u@a", "a?x", "a#x", "a:http", "a:99999", "a:-1", "a:0", "a:80:80", "a%2e", "[::1",
        "[::1]x", "[fe80::1%25eth0]", "[v1.x]", "::1", "a\"b",
        "a..b", "-", "-a", "a-", "a-.b", "a;x", "a,b", "256.1.1.1", "1.2.3", "2130706433", "a.1", "é", ":80", "[]"})
    void refusesWhatIsNoAuthority(String authority) {
        assertThatThrownBy(() -> Authority.normalise(authority, false)).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64})
    void boundsALabel(int length) throws ProtocolViolation {
        String host = "a".repeat(length) + ".example";
        if (length == 63) {
            assertThat(Authority.normalise(host, false)).isEqualTo(host);
        } else {
            assertThatThrownBy(() -> Authority.normalise(host, false)).isInstanceOf(ProtocolViolation.class);
        }
    }
}
