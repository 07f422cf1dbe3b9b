package org.mxforge.runtime.tune.wisdom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.tune.wisdom.Samples.KEY;
import static org.mxforge.runtime.tune.wisdom.Samples.LEGAL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedWisdomTest {
    private static final Path RESOURCES =
            Path.of("..", "runtime", "src", "main", "resources", "org", "mxforge", "runtime", "wisdom");

    @TempDir
    Path folder;

    @Test
    void theIndexNamesTheFilesThatThereAreAndAllOfThemAreSound() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jsonl")))
                    .containsExactlyInAnyOrderElementsOf(ShippedWisdom.files());
        }
        for (String file : ShippedWisdom.files()) {
            assertThat(WisdomFolder.check(RESOURCES.resolve(file)).faults())
                    .as(file)
                    .isEmpty();
            assertThat(ShippedWisdom.read(file).keys()).as(file).isNotEmpty();
        }
    }

    @Test
    void theUsersOwnComesFirst() {
        Wisdom other = Wisdom.open(folder.resolve("shipped"), Samples.DEVICE);
        other.append(Samples.winner(LEGAL.get(3), LEGAL.size()));
        WisdomBook shipped = WisdomFolder.read(other.path());
        Wisdom wisdom = Wisdom.open(folder.resolve("own"), Samples.DEVICE, shipped);
        assertThat(wisdom.winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(3));
        assertThat(wisdom.records(KEY)).as("measured here").isEmpty();
        wisdom.append(Samples.winner(LEGAL.get(1), 1));
        assertThat(wisdom.winner(KEY).orElseThrow().variant()).isEqualTo(LEGAL.get(1));
    }

    @Test
    void aDeviceThatNothingIsShippedForHasAnEmptyBook() {
        assertThat(ShippedWisdom.about("No such device").keys()).isEmpty();
    }

    /** A measurement holds for the source it was made of: whoever changes what is emitted has to measure again, or to drop it. */
    @Test
    void everyWinnerIsOfTheSourceOfToday() {
        for (String file : ShippedWisdom.files()) {
            assertThat(ShippedWisdom.read(file).records())
                    .filteredOn(entry -> entry.coverage().isPresent())
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(entry.provenance().source())
                            .as(entry.variant().text())
                            .isEqualTo(SourceHash.of(entry.variant())));
        }
    }
}
