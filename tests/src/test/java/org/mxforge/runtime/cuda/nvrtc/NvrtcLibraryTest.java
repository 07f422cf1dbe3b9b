package org.mxforge.runtime.cuda.nvrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;

class NvrtcLibraryTest {
    private static final String NAME = "libnvrtc.so.12";

    @TempDir
    Path folder;

    private NvrtcLibrary find(Map<String, String> environment, Map<String, String> properties) {
        return NvrtcLibrary.find(folder.resolve("cache"), environment::get, properties::get);
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "a library");
    }

    @Test
    void takesTheFileOrFolderThatTheUserNames() throws IOException {
        Path file = file("own/" + NAME);
        for (String value : List.of(file.toString(), file.getParent().toString())) {
            assertThat(find(Map.of("MXFORGE_NVRTC", value), Map.of()).file()).isEqualTo(file);
            assertThat(find(Map.of(), Map.of("mxforge.nvrtc", value)).file()).isEqualTo(file);
        }
        assertThat(find(Map.of("MXFORGE_NVRTC", file.toString()), Map.of()).origin())
                .contains("MXFORGE_NVRTC");
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void refusesASettingThatNamesNothing() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        for (Path wrong : List.of(folder.resolve("absent"), empty)) {
            assertThatThrownBy(() -> find(Map.of("MXFORGE_NVRTC", wrong.toString()), Map.of()))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("MXFORGE_NVRTC names '" + wrong + "'");
        }
    }

    @Test
    void unpacksTheBundledLibraryOnceForManyThreads() throws IOException {
        assumeBundled();
        List<NvrtcLibrary> found = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> find(Map.of(), Map.of()))
                .toList();
        assertThat(found).allSatisfy(library -> assertThat(library).isEqualTo(found.get(0)));
        Path library = found.get(0).file();
        assertThat(library).startsWith(folder.resolve("cache"));
        try (Stream<Path> files = Files.list(library.getParent())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(NAME, "libnvrtc-builtins.so.12.9", "verified");
        }
        try (Stream<Path> folders = Files.list(library.getParent().getParent())) {
            assertThat(folders).containsExactly(library.getParent());
        }

        FileTime unpacked = Files.getLastModifiedTime(library);
        find(Map.of(), Map.of());
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpacked);

        long bytes = Files.size(library);
        Files.write(library, new byte[10]);
        assertThat(find(Map.of(), Map.of()).file()).isEqualTo(library).hasSize(bytes);
    }

    @Test
    void unpacksForItselfWhereTheCacheCannotBeWritten() throws IOException {
        assumeBundled();
        file("cache");
        Path library = find(Map.of(), Map.of()).file();
        assertThat(library).isRegularFile().isReadable();
        assertThat(library.startsWith(folder)).isFalse();
    }

    @Test
    void takesTheSystemsLibraryWhereNoneIsBundled() throws IOException {
        Assumptions.assumeFalse(bundled(), "a library is bundled");
        Path file = file("system/" + NAME);
        assertThat(find(Map.of("LD_LIBRARY_PATH", "/nowhere:" + file.getParent()), Map.of())
                        .file())
                .isEqualTo(file);
    }

    private static void assumeBundled() {
        Assumptions.assumeTrue(bundled(), "no library is bundled on this class path");
    }

    private static boolean bundled() {
        return NvrtcLibrary.class.getResource("/org/bytedeco/cuda/linux-x86_64/" + NAME) != null;
    }
}
