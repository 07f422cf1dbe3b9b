package org.mxforge.runtime.base.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;

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

    /** The hidden name that it has until it is whole says nothing to anybody. */
    @Test
    void aFailureInAFileOfAFolderNamesTheFolder() {
        SafetensorsWriter writer = new SafetensorsWriter().add("w", TensorType.U8, out -> failOnFullDisk(), 1);
        assertThatThrownBy(() -> UserOutput.folder(
                        folder.resolve("new"), aside -> writer.writeTo(aside.resolve("model.safetensors"))))
                .hasMessage("cannot write output " + folder.resolve("new") + ": No space left on device");
        assertThat(folder).isEmptyDirectory();
    }

    private static void failOnFullDisk() throws IOException {
        throw new IOException("No space left on device");
    }

    @Test
    void reasonsAreWords() {
        assertThat(UserOutput.reason(new NoSuchFileException("/proc/.hidden"))).isEqualTo("no such file or folder");
        assertThat(UserOutput.reason(new FileAlreadyExistsException("wisdom"))).isEqualTo("wisdom is in the way");
        assertThat(UserOutput.reason(new AccessDeniedException("/proc"))).isEqualTo("permission denied");
        assertThat(UserOutput.reason(new FileSystemException("a", null, "Not a directory")))
                .isEqualTo("Not a directory");
    }
}
