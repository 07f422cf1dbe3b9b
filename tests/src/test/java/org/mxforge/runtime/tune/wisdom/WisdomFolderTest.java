package org.mxforge.runtime.tune.wisdom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mxforge.runtime.tune.wisdom.Samples.KEY;
import static org.mxforge.runtime.tune.wisdom.Samples.LEGAL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;

class WisdomFolderTest {
    @TempDir
    Path folder;

    private Wisdom wisdom(String name, WisdomRecord... records) {
        Wisdom wisdom = Wisdom.open(folder.resolve(name), Samples.DEVICE);
        for (WisdomRecord entry : records) {
            wisdom.append(entry);
        }
        return wisdom;
    }

    private WisdomFolder here() {
        return new WisdomFolder(folder.resolve("here"));
    }

    @Test
    void aMergeAddsWhatIsNewAndOverwritesNothing() throws IOException {
        Wisdom own = wisdom("here", Samples.trial(LEGAL.get(0), 1), Samples.winner(LEGAL.get(0), 1));
        Wisdom other = wisdom(
                "other",
                Samples.trial(LEGAL.get(0), 1),
                Samples.trial(LEGAL.get(1), 0.5),
                Samples.winner(LEGAL.get(1), 2));
        Files.writeString(other.path(), "nonsense\n{\"v\":1}\n", StandardOpenOption.APPEND);
        String before = Files.readString(own.path());
        assertThat(here().merge(other.path())).isEqualTo(new WisdomFolder.Merged(1, 2, 2));
        assertThat(Files.readString(own.path())).startsWith(before);
        assertThat(wisdom("here").winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(0));
        assertThat(here().merge(other.path())).isEqualTo(new WisdomFolder.Merged(0, 3, 2));
    }

    @Test
    void aMergeBringsAWinnerWhereThereIsNone() {
        Wisdom other = wisdom("other", Samples.winner(LEGAL.get(1), 2));
        assertThat(here().files()).isEmpty();
        assertThat(here().merge(other.path())).isEqualTo(new WisdomFolder.Merged(1, 0, 0));
        assertThat(here().files()).hasSize(1);
        assertThat(wisdom("here").winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(1));
    }

    @Test
    void whatIsNoWisdomFileIsRefused() throws IOException {
        Path nonsense = Files.writeString(folder.resolve("nonsense.txt"), "a\nb\n");
        assertThatExceptionOfType(MxForgeException.class)
                .isThrownBy(() -> here().merge(nonsense))
                .withMessageContaining("none of the 2 lines");
        assertThatExceptionOfType(MxForgeException.class)
                .isThrownBy(() -> here().merge(folder.resolve("nothing")))
                .withMessageContaining("no wisdom file");
        assertThat(folder.resolve("here")).doesNotExist();
    }

    @Test
    void pruningKeepsWhatIsWantedAsItWas() throws IOException {
        Wisdom own = wisdom("here", Samples.trial(LEGAL.get(0), 1));
        String sound = Files.readString(own.path());
        own.append(Samples.failure(LEGAL.get(1), Outcome.Status.COMPILE, "no"));
        Files.writeString(own.path(), "{\"v\":1}\nnonsense\n", StandardOpenOption.APPEND);
        int dropped =
                WisdomFolder.prune(own.path(), entry -> entry.outcome().timing().isPresent());
        assertThat(dropped).isEqualTo(3);
        assertThat(own.path()).hasContent(sound);
        assertThat(WisdomFolder.prune(own.path(), entry -> true)).isZero();
        assertThat(own.path().getParent()).isDirectoryNotContaining(path -> !path.equals(own.path()));
    }

    @Test
    void whatIsAppendedWhileAFileIsPrunedIsNotLost() throws InterruptedException {
        Wisdom own = wisdom("here", Samples.trial(LEGAL.get(0), 1));
        int lines = 100;
        CountDownLatch begun = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            for (int i = 0; i < lines; i++) {
                own.append(Samples.trial(LEGAL.get(1), 1));
                own.append(Samples.failure(LEGAL.get(2), Outcome.Status.RUNTIME, "no"));
                begun.countDown();
            }
        });
        writer.start();
        begun.await();
        while (writer.isAlive()) {
            WisdomFolder.prune(own.path(), entry -> entry.outcome().timing().isPresent());
        }
        writer.join();
        WisdomFolder.prune(own.path(), entry -> entry.outcome().timing().isPresent());
        assertThat(wisdom("here").records(KEY)).hasSize(lines + 1);
    }

    @Test
    void aCheckNamesTheLinesThatAreDamaged() throws IOException {
        Wisdom own = wisdom("here", Samples.winner(LEGAL.get(0), 1), Samples.trial(LEGAL.get(1), 1));
        String damaged = Files.readString(own.path()).replaceFirst("bk=\\d+", "bk=7");
        Files.writeString(own.path(), "{\"v\":1}\n" + damaged + "{}\n");
        WisdomFolder.Checked checked = WisdomFolder.check(own.path());
        assertThat(checked.sound()).isEqualTo(1);
        assertThat(checked.foreign()).isEqualTo(1);
        assertThat(checked.faults()).hasSize(2);
        assertThat(checked.faults().get(0))
                .startsWith("line 2: configuration 'bk=7")
                .contains("a panel has whole steps of 8 channels");
        assertThat(checked.faults().get(1)).startsWith("line 4: ");
    }
}
