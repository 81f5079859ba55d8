package dev.sallyport.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationTest {
    @ParameterizedTest
    @CsvSource({
        "POST /predict, POST, /predict, true",
        "POST /predict, GET, /predict, false",
        "POST /predict, POST, /predict/, false",
        "POST /predict, POST, //predict, false",
        "POST /predict, POST, /predict/all, false",
        "POST /predict, POST, /predic, false",
        "POST /predict, POST, /predicted, false",
        "POST /predict, POST, /Predict, false",
        "POST /predict, post, /predict, false",
        "* /predict, DELETE, /predict, true",
        "GET /, GET, /, true",
        "GET /, GET, /x, false",
        "GET /tenants/*/datasets/*, GET, /tenants/acme/datasets/1, true",
        "GET /tenants/*/datasets/*, GET, /tenants/acme/datasets/, false",
        "GET /tenants/*/datasets/*, GET, /tenants//datasets/1, false",
        "GET /tenants/*/datasets/*, GET, /tenants/acme/datasets/1/rows, false",
        "GET /public/**, GET, /public, true",
        "GET /public/**, GET, /public/, true",
        "GET /public/**, GET, /public/a/b, true",
        "GET /public/**, GET, /publication, false",
        "GET /public/*/**, GET, /public, false",
        "GET /**, GET, /, true",
        "GET /**, GET, /a/b, true",
        "GET /a*b, GET, /a*b, true",
        "GET /a*b, GET, /axb, false"})
    void meansWhatItSays(String operation, String method, String path, boolean matches) {
        String[] parts = operation.split(" ");

        assertThat(Operation.of(parts[0], parts[1]).matches(method, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"/predict", "/", "/a/*/b", "/a/**", "/**"})
    void isShownAsItWasWritten(String path) {
        assertThat(Operation.of("GET", path)).hasToString("GET " + path);
    }

    @Test
    void refusesAnyRestBeforeTheEnd() {
        assertThatIllegalArgumentException().isThrownBy(() -> Operation.of("GET", "/**/b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Operation.of("GET", "b"));
    }
}
