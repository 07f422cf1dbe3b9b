package org.mxforge.runtime.base.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void write(Path folder, String text) throws IOException {
        Files.createDirectory(folder.resolve("inner"));
        Files.writeString(folder.resolve("inner").resolve("file"), text);
    }

    @Test
    void aNewFileAppearsAlone() throws IOException {
        Path file = folder.resolve("new");
        Publication.newFile(file, aside -> Files.writeString(aside, "content"));
        assertThat(file).hasContent("content");
        assertThat(names()).containsExactly("new");
    }

    @Test
    void aNewFileIsNeverWrittenOver() throws IOException {
        Path file = Files.writeString(folder.resolve("old"), "old");
        assertThatThrownBy(() -> Publication.newFile(file, aside -> Files.writeString(aside, "new")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Publication.newFile(folder.resolve("late"), aside -> {
                    Files.writeString(aside, "new");
                    Files.writeString(folder.resolve("late"), "another process was first");
                }))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("old");
        assertThat(folder.resolve("late")).hasContent("another process was first");
        assertThat(names()).containsExactly("late", "old");
    }

    @Test
    void aFileIsReplacedWhereThatIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("old"), "old");
        Publication.replaceFile(file, aside -> Files.writeString(aside, "new"));
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("old");
    }

    @Test
    void aNewFolderAppearsWithAllItsFiles() throws IOException {
        Publication.newFolder(folder.resolve("new"), aside -> write(aside, "content"));
        assertThat(folder.resolve("new/inner/file")).hasContent("content");
        assertThat(names()).containsExactly("new");
    }

    @Test
    void aNewFolderIsNeverWrittenOver() throws IOException {
        write(Files.createDirectory(folder.resolve("old")), "old");
        assertThatThrownBy(() -> Publication.newFolder(folder.resolve("old"), aside -> write(aside, "new")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Publication.newFolder(folder.resolve("late"), aside -> {
                    write(aside, "new");
                    write(Files.createDirectory(folder.resolve("late")), "another process was first");
                }))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("old/inner/file")).hasContent("old");
        assertThat(folder.resolve("late/inner/file")).hasContent("another process was first");
        assertThat(names()).containsExactly("late", "old");
    }

    @Test
    void nothingIsLeftOfAFailure() throws IOException {
        assertThatThrownBy(() -> Publication.newFolder(folder.resolve("new"), aside -> {
                    write(aside, "content");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThatThrownBy(() -> Publication.newFile(folder.resolve("new"), aside -> {
                    Files.writeString(aside, "half");
                    throw new IllegalArgumentException("no more data");
                }))
                .hasMessage("no more data");
        assertThatThrownBy(() ->
                        Publication.newFile(folder.resolve("none/new"), aside -> Files.writeString(aside, "content")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void filesThatMayNotBeWrittenArePublishedToo() throws IOException {
        Publication.newFolder(folder.resolve("new"), aside -> {
            Path file = Files.writeString(aside.resolve("copy"), "content");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        });
        assertThat(folder.resolve("new/copy")).hasContent("content");
    }

    @Test
    void ofManyThatPublishOneNameOneAloneSucceeds() throws Exception {
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (boolean isFolder : new boolean[] {false, true}) {
                Path target = folder.resolve("of-" + isFolder);
                List<Callable<Boolean>> publishers = IntStream.range(0, threads)
                        .<Callable<Boolean>>mapToObj(i -> () -> published(target, isFolder, "by " + i, together))
                        .toList();
                int successes = 0;
                for (Future<Boolean> success : pool.invokeAll(publishers)) {
                    successes += success.get() ? 1 : 0;
                }
                assertThat(successes).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(names()).containsExactly("of-false", "of-true");
    }

    private static boolean published(Path target, boolean isFolder, String text, CyclicBarrier together)
            throws Exception {
        Publication.Content content = aside -> {
            if (isFolder) {
                write(aside, text);
            } else {
                Files.writeString(aside, text);
            }
            try {
                together.await();
            } catch (Exception e) {
                throw new IOException(e);
            }
        };
        try {
            if (isFolder) {
                Publication.newFolder(target, content);
            } else {
                Publication.newFile(target, content);
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    @Test
    void whatIsWithdrawnIsGone() throws IOException {
        write(Files.createDirectory(folder.resolve("old")), "old");
        Publication.withdraw(folder.resolve("old"));
        assertThat(names()).isEmpty();
    }

    @Test
    void aNameMayBeAsLongAsFileSystemsAllow() throws IOException {
        for (String name : new String[] {"x".repeat(255), "\u00e9".repeat(127), "\ud83e\udd80".repeat(63)}) {
            Path file = folder.resolve(name);
            Publication.newFile(file, aside -> Files.writeString(aside, "content"));
            Publication.replaceFile(file, aside -> {
                assertThat(aside.getFileName().toString().getBytes(StandardCharsets.UTF_8).length)
                        .isLessThanOrEqualTo(255);
                Files.writeString(aside, "new");
            });
            assertThat(file).hasContent("new");
            Publication.withdraw(file);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aHiddenNameBeginsWithTheTargets() throws IOException {
        Publication.newFile(
                folder.resolve("q"),
                aside -> assertThat(aside.getFileName().toString()).startsWith(".q-"));
    }

    @Test
    void whatDeadProcessesLeftIsRemovedAndNothingElse() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String random = "-12345678-1234-1234";
        String left = ".new-" + new Writer(Writer.here().machine(), dead.pid()).text() + random;
        write(Files.createDirectory(folder.resolve(left)), "half");
        Files.writeString(
                folder.resolve(".other-" + Writer.here().text() + random), "of this number, but not of this process");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        write(elsewhere, "kept");
        Files.createSymbolicLink(folder.resolve(left.replace(".new", ".link")), elsewhere);
        List<String> kept = List.of(
                ".new-"
                        + new Writer(
                                        Writer.here().machine(),
                                        ProcessHandle.current()
                                                .parent()
                                                .orElseThrow()
                                                .pid())
                                .text()
                        + random,
                ".new-" + new Writer("00000000", dead.pid()).text() + random,
                left.substring(1),
                left + ".txt");
        for (String name : kept) {
            Files.writeString(folder.resolve(name), "kept");
        }
        Publication.newFile(folder.resolve("new"), aside -> Files.writeString(aside, "content"));
        List<String> all = new ArrayList<>(kept);
        all.addAll(List.of("elsewhere", "new"));
        assertThat(names()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(elsewhere.resolve("inner/file")).hasContent("kept");
    }

    /** A process that publishes a folder and a file, and never comes to an end. */
    static final class Endless {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            Publication.newFolder(folder.resolve("new"), outer -> {
                Files.writeString(outer.resolve("first"), "content");
                Publication.newFile(outer.resolve("second"), aside -> {
                    Files.writeString(aside, "half");
                    System.out.println("writes");
                    LockSupport.park();
                });
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftOfAProcessThatIsEnded(boolean killed) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endless.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("writes");
        assertThat(names()).hasSize(1);
        if (killed) {
            process.destroyForcibly().waitFor();
            assertThat(names()).hasSize(1);
            Publication.newFile(folder.resolve("next"), aside -> Files.writeString(aside, "content"));
            assertThat(names()).containsExactly("next");
        } else {
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(names()).isEmpty();
        }
    }
}
