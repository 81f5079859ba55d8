package dev.sallyport.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratedDocumentTest {
    @TempDir
    private Path root;

    @Test
    void failsWhenThePageIsMissingOrOutOfDate() throws IOException {
        GeneratedDocument document = GeneratedDocument.in(root, "docs/page.md");

        assertThatThrownBy(() -> document.verify("new", false)).hasMessageContaining("sallyport.documents=write");
        document.verify("old", true);
        assertThatThrownBy(() -> document.verify("new", false)).hasMessageContaining("sallyport.documents=write");
    }

    @Test
    void writesThePageWhenAsked() throws IOException {
        GeneratedDocument document = GeneratedDocument.in(root, "docs/page.md");

        document.verify("new", true);

        document.verify("new", false);
        assertThat(root.resolve("docs/page.md")).hasContent("new");
    }
}
