package org.mxforge.runtime.base.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeLibrariesTest {
    private static final String NAME = "libjnidispatch.so";

    private static final NativeLibraries JNA = new NativeLibraries("/com/sun/jna/linux-x86-64/", List.of(NAME));

    @TempDir
    private Path folder;

    private Path cache;
    private Path library;
    private byte[] content;

    @BeforeEach
    void unpack() throws IOException {
        cache = folder.resolve("cache");
        library = JNA.unpack(cache).orElseThrow().resolve(NAME);
        try (var in = getClass().getResourceAsStream("/com/sun/jna/linux-x86-64/" + NAME)) {
            content = in.readAllBytes();
        }
    }

    @Test
    void whatIsUnpackedIsForThisUserAlone() throws IOException {
        assertThat(library).startsWith(cache).hasBinaryContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rwx------");
    }

    @Test
    void itIsUnpackedOnce() throws IOException {
        FileTime unpacked = Files.getLastModifiedTime(library);
        assertThat(JNA.unpack(cache)).hasValue(library.getParent());
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpacked);
    }

    @Test
    void otherBytesOfTheSameSizeAndTimeAreReplaced() throws IOException {
        FileTime unpacked = Files.getLastModifiedTime(library);
        byte[] other = content.clone();
        other[other.length / 2] ^= 1;
        Files.write(library, other);
        Files.setLastModifiedTime(library, unpacked);
        assertThat(JNA.unpack(cache)).hasValue(library.getParent());
        assertThat(library).hasBinaryContent(content);
    }

    @Test
    void aTouchedFileIsComparedAndKept() throws IOException {
        FileTime other = FileTime.fromMillis(0);
        Files.setLastModifiedTime(library, other);
        JNA.unpack(cache);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(other);
    }

    @Test
    void aMissingFileIsUnpackedAgain() throws IOException {
        Files.delete(library);
        JNA.unpack(cache);
        assertThat(library).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "native", "native/X", "native/X/" + NAME})
    void whereOthersMayWriteNothingIsRun(String exposed) throws IOException {
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(library.getParent().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = cache.resolve(
                exposed.replace("X", library.getParent().getFileName().toString()));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path unpacked = JNA.unpack(cache).orElseThrow();
        assertThat(unpacked.startsWith(cache)).isFalse();
        assertThat(unpacked.resolve(NAME)).hasBinaryContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)))
                .isEqualTo("rwx------");
    }

    @Test
    void aCacheOfAnotherUserIsNotUsed() throws IOException {
        Assumptions.assumeTrue(
                Files.getOwner(Path.of("/proc/self")).getName().equals("root"), "only root gives files to others");
        Files.setAttribute(cache, "unix:uid", 12345);
        assertThat(JNA.unpack(cache).orElseThrow().startsWith(cache)).isFalse();
    }

    @Test
    void whereNothingCanBeWrittenItIsUnpackedForThisProcess() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertThat(JNA.unpack(file).orElseThrow().resolve(NAME)).hasBinaryContent(content);
    }

    @Test
    void withoutTheJarThereIsNone() {
        assertThat(new NativeLibraries("/nowhere/", List.of(NAME)).unpack(cache))
                .isEmpty();
    }
}
