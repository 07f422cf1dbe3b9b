package org.mxforge.runtime.base.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;

class UserOutputTest {
    @TempDir
    private Path folder;

    @Test
    void anOutputThatExistsIsRefusedBeforeAnyWork() throws IOException {
        Path file = Files.writeString(folder.resolve("old"), "old");
        for (Path output : new Path[] {file, folder, Path.of("/")}) {
            assertThatThrownBy(() -> UserOutput.check(output))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessage("output " + output + " exists: choose a new one or remove it");
        }
    }

    @Test
    void anOutputWithoutAFolderIsRefusedBeforeAnyWork() {
        assertThatThrownBy(() -> UserOutput.check(folder.resolve("none/new")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("there is no folder " + folder.resolve("none"))
                .hasMessageContaining("make it first");
    }

    @Test
    void noOutputAndANewOneAreFine() {
        assertThatCode(() -> UserOutput.check(null)).doesNotThrowAnyException();
        assertThatCode(() -> UserOutput.check(folder.resolve("new"))).doesNotThrowAnyException();
    }

    @Test
    void whoComesSecondIsToldSo() {
        assertThatThrownBy(() -> UserOutput.file(folder.resolve("late"), aside -> {
                    Files.writeString(aside, "new");
                    Files.writeString(folder.resolve("late"), "another process was first");
                }))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("late exists: choose a new one");
    }

    @Test
    void aFailureNamesTheOutput() {
        assertThatThrownBy(() -> UserOutput.folder(folder.resolve("new"), aside -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(MxForgeException.class)
                .hasMessage("cannot write output " + folder.resolve("new") + ": No space left on device");
        assertThat(folder).isEmptyDirectory();
    }
}
