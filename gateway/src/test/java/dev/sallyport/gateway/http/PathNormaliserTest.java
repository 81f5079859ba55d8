package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathNormaliserTest {
    @ParameterizedTest
    @CsvSource({
        "/, /", "/a, /a", "/a/, /a/", "/a/./b, /a/b", "/a/../b, /b", "/a/b/.., /a/", "/a/., /a/", "/., /", "/a/.., /",
        "/a/.../b, /a/.../b", "/.a/..b, /.a/..b",
        "/%61%2D%7e, /a-~", "/a%20b, /a%20b", "/a%2b, /a%2B", "/a;x=1/b, /a;x=1/b", "/a//b, /a//b", "//a, //a",
        "/%e2%82%ac, /%E2%82%AC", "/a%2Eb, /a.b",
        "/%252e%252e/b, /%252e%252e/b", "/a:b@c!$&'()*+=, /a:b@c!$&'()*+=", "/a/b/../../c, /c", "/%2e%2e%2e/a, /.../a",
        "/%f0%9f%98%80, /%F0%9F%98%80"})
    void bringsAPathIntoItsNormalForm(String path, String normal) throws ProtocolViolation {
        assertThat(PathNormaliser.normalise(path)).isEqualTo(normal);
        assertThat(PathNormaliser.normalise(normal)).as("of what is normal").isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a", "/..", "/../a", "/a/../../b", "/a/%2e%2e/b", "/a/%2E./b", "/a/.%2e/b", "/a/%2e", "/a/..;/b",
        "/a/.;x/b", "/a/..%3b/b", "/a%2fb", "/a%2Fb", "/a%5cb",
        "/a\\b", "/a%00", "/a%0d%0a", "/a%7f", "/a%", "/a%2", "/a%zz", "/a% 20", "/a%u0061", "/a{b}", "/a|b", "/a<b",
        "/a\"b", "/a^b", "/a`b", "/a b", "/a#b", "/é",
        "/%c0%af", "/%c1%81", "/%e0%80%af", "/%f0%80%80%af", "/%80", "/%e2%82", "/%e2%82/%ac", "/%e2x%82%ac",
        "/%ed%a0%80", "/%f4%90%80%80", "/%f5%80%80%80", "/%ff"})
    void refusesAPathThatAnotherProgramCouldReadDifferently(String path) {
        assertThatThrownBy(() -> PathNormaliser.normalise(path)).isInstanceOf(ProtocolViolation.class);
    }
}
