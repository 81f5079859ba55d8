package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ConfigurationErrors;
import dev.sallyport.app.config.ConfigurationLoader;
import dev.sallyport.app.config.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatcherTest {
    private static final String ONE = "models:\n  a: {url: http://h}\n";
    private static final String TWO = "models:\n  a: {url: http://h}\n  b: {url: http://i}\n";

    @TempDir
    Path directory;

    private final List<LoadResult> changes = new ArrayList<>();
    private Path file;
    private ConfigurationWatcher watcher;
    private int edits;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("sallyport.yaml");
        edit(ONE);
        watcher = new ConfigurationWatcher(file, ConfigurationLoader.load(file).orThrow().digest(), changes::add);
        look(3);
    }

    @Test
    void saysNothingWhileNothingChanges() {
        look(3);
        assertThat(changes).isEmpty();
    }

    @Test
    void readsAnEditOnce() throws IOException {
        edit(TWO);
        look(5);
        assertThat(changes).singleElement()
                .isInstanceOfSatisfying(Configuration.class,
                        configuration -> assertThat(configuration.models()).containsOnlyKeys("a", "b"));
    }

    @Test
    void waitsUntilTheFileIsAtRest() throws IOException {
        edit("");
        watcher.look();
        edit(ONE.substring(0, 10));
        watcher.look();
        edit(TWO);
        watcher.look();
        assertThat(changes).isEmpty();
        watcher.look();
        assertThat(changes).singleElement().isInstanceOf(Configuration.class);
    }

    @Test
    void ignoresANewTimeOnTheSameContent() throws IOException {
        edit(ONE);
        look(3);
        assertThat(changes).isEmpty();
    }

    @Test
    void tellsOfABadEditOnceAndOfItsRepair() throws IOException {
        edit("modles: {}\n");
        look(3);
        edit("modles: {}\n");
        look(3);
        assertThat(changes).singleElement().isInstanceOf(ConfigurationErrors.class);
        edit(ONE);
        look(3);
        assertThat(changes).hasSize(2).last().isInstanceOf(Configuration.class);
    }

    @Test
    void tellsOfAFileThatIsGoneAndSeesItComeBack() throws IOException {
        Files.delete(file);
        look(3);
        assertThat(changes).singleElement().isInstanceOf(ConfigurationErrors.class);
        edit(ONE);
        look(3);
        assertThat(changes).hasSize(2).last().isInstanceOf(Configuration.class);
    }

    @Test
    void followsALinkThatIsExchanged() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), ONE);
        Path second = Files.writeString(directory.resolve("second"), TWO);
        Files.setLastModifiedTime(second, Files.getLastModifiedTime(first));
        Path link = Files.createSymbolicLink(directory.resolve("link.yaml"), first);
        watcher = new ConfigurationWatcher(link, ConfigurationLoader.load(link).orThrow().digest(), changes::add);
        look(3);
        Path other = Files.createSymbolicLink(directory.resolve("other.yaml"), second);
        Files.move(other, link, StandardCopyOption.ATOMIC_MOVE);
        look(3);
        assertThat(changes).singleElement().isInstanceOf(Configuration.class);
    }

    private void edit(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + ++edits));
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watcher.look();
        }
    }
}
