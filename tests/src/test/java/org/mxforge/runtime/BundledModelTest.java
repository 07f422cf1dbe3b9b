package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {
    @TempDir
    Path cache;

    @Test
    void unpacksExactlyWhatTheJarHolds() throws IOException {
        Path folder = BundledModel.checkpoint(cache);
        for (String name : new String[] {"config.json", "tokenizer.json", "reference.json", "model.safetensors"}) {
            try (InputStream in = BundledModel.class.getResourceAsStream("bundled/" + name)) {
                assertThat(Files.readAllBytes(folder.resolve(name))).isEqualTo(in.readAllBytes());
            }
        }
        // Resource filtering would change the size of a binary file.
        assertThat(Files.size(folder.resolve("model.safetensors"))).isEqualTo(11_547_040);
    }

    @Test
    void aSecondUseTouchesNothing() throws IOException {
        Path file = BundledModel.checkpoint(cache).resolve("model.safetensors");
        var written = Files.getLastModifiedTime(file);
        assertThat(BundledModel.checkpoint(cache)).isEqualTo(file.getParent());
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
    }

    @Test
    void aDamagedCopyIsMadeAgain() throws IOException {
        Path folder = BundledModel.checkpoint(cache);
        byte[] whole = Files.readAllBytes(folder.resolve("model.safetensors"));
        byte[] damaged = whole.clone();
        damaged[5_000_000] ^= 1;
        Files.write(folder.resolve("model.safetensors"), damaged);
        Files.delete(folder.resolve("config.json"));
        Files.createFile(folder.resolve("stray"));
        assertThat(BundledModel.checkpoint(cache)).isEqualTo(folder);
        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(whole);
        assertThat(folder.resolve("config.json")).exists();
        assertThat(folder.resolve("stray")).doesNotExist();
        assertNothingLeftOver();
    }

    @Test
    void manyAtOnceShareOneFolder() throws IOException {
        Set<Path> folders = new HashSet<>(IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> BundledModel.checkpoint(cache))
                .toList());
        assertThat(folders).hasSize(1);
        assertNothingLeftOver();
    }

    @Test
    void whereTheCacheCannotBeWrittenItIsUnpackedForThisProcess() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));
        Path folder = BundledModel.checkpoint(file);
        assertThat(folder.startsWith(cache)).isFalse();
        assertThat(folder.resolve("config.json")).isNotEmptyFile();
    }

    @Test
    void textsAreLongEnoughAndDoNotOverlap() {
        String calibration = BundledModel.calibrationText();
        String evaluation = BundledModel.evaluationText();
        assertThat(calibration.length() + evaluation.length()).isGreaterThan(30_000);
        assertThat(calibration.lines())
                .doesNotContainAnyElementsOf(evaluation.lines().toList());
    }

    private void assertNothingLeftOver() throws IOException {
        try (Stream<Path> entries = Files.list(cache.resolve("demo"))) {
            assertThat(entries).hasSize(1);
        }
    }
}
