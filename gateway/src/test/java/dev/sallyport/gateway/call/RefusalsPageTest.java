package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.testing.GeneratedDocument;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RefusalsPageTest {
    @Test
    void thePageListsEveryCode() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Refusals

                <!-- Made from RefusalCode by RefusalsPageTest: mvn -pl gateway test -Dtest=RefusalsPageTest -Dsallyport.documents=write -->

                A call that does not get through is answered with a problem document (RFC 9457, `application/problem+json`). Its `code` is one
                of those below and never changes; `detail` says what happened this time, `call` is the id to ask the operator about. A gRPC
                call gets the gRPC status instead, with code and detail in `grpc-message`. `at fault` is the outcome that access log and metrics
                state: who can do something about it.

                | code | HTTP | gRPC | at fault | what happened | what to do |
                |---|---|---|---|---|---|
                """);
        for (RefusalCode code : RefusalCode.values()) {
            page.append("| `").append(code.text()).append("` | ").append(code.status())
                    .append(" | ").append(code.grpcStatus()).append(" (").append(code.grpcStatus().number()).append(')')
                    .append(" | ").append(code.outcome().text())
                    .append(" | ").append(cell(code.title()))
                    .append(" | ").append(cell(code.remedy())).append(" |\n");
        }

        GeneratedDocument.at("docs/reference/refusals.md").verify(page.toString());
    }

    @Test
    void noTwoCodesReadAlike() {
        assertThat(Arrays.stream(RefusalCode.values()).map(RefusalCode::text)).doesNotHaveDuplicates()
                .allSatisfy(text -> assertThat(text).matches("[a-z]+(-[a-z]+)*"));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
