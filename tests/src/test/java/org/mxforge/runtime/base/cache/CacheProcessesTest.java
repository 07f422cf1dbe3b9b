package org.mxforge.runtime.base.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheProcessesTest {
    @TempDir
    Path root;

    @Test
    void oneOfManyProcessesBuildsWhileTheOthersWait() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SlowBuild.class.getName(),
                            root.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        StringBuilder said = new StringBuilder();
        for (Process process : processes) {
            said.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertThat(process.waitFor()).as(said.toString()).isZero();
        }
        assertThat(said.toString().strip()).isEqualTo(SlowBuild.BUILT);
        assertThat(new ArtifactCache(root).get(SlowBuild.KEY, () -> new byte[0]))
                .containsExactly(1, 2, 3);
    }
}
