package org.mxforge.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.check.Checker;

/**
 * Faults that are put into templates and emitters, one at a time: each is found without a GPU, and not by a golden file. Every third in each
 * run; all with {@code -Pfaults}, which prints who found them and leaves the table in {@code target/faults}.
 */
class SeededFaultsTest {
    private static final boolean ALL = "all".equals(System.getProperty("mxforge.faults"));
    private static final FaultTable TABLE = new FaultTable();

    static List<Fault> faults() {
        List<Fault> all = Fault.all();
        return Stream.iterate(0, i -> i < all.size(), i -> i + (ALL ? 1 : 3))
                .map(all::get)
                .toList();
    }

    @AfterAll
    static void tell() throws IOException {
        if (ALL) {
            System.out.print(TABLE.text());
            TABLE.write(Path.of("target/faults"));
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isFound(Fault fault, @TempDir Path folder) throws IOException, InterruptedException {
        List<FaultProbe.Found> found = new FaultyEmitter(folder).check(fault);
        FaultProbe.Found last = found.get(found.size() - 1);
        TABLE.add(fault, last);
        assertThat(last.verdict().finder())
                .as("who finds '%s' in %s", fault.name(), fault.file())
                .isNotEqualTo(Finder.NOBODY);
    }

    @Test
    void nothingIsFoundWhereThereIsNone() {
        try (Checker checker = new Checker()) {
            faults().stream()
                    .flatMap(fault -> fault.kernels().stream())
                    .distinct()
                    .forEach(kernel -> assertThat(Finder.Verdict.of(checker, kernel.check()))
                            .as(kernel.check().text())
                            .isEqualTo(new Finder.Verdict(Finder.NOBODY, "")));
        }
    }

    @Test
    void allCanBePlantedAndAreInThePage() throws IOException {
        String page = Files.readString(Path.of("../.github/VERIFICATION.md"));
        List<Fault> all = Fault.all();
        for (Fault fault : all) {
            assertThat(FaultyEmitter.planted(fault)).contains(fault.wrong());
            assertThat(fault.name()).hasSizeLessThanOrEqualTo(FaultTable.WIDTH);
            assertThat(page)
                    .as("VERIFICATION.md, whose table is target/faults/faults.md after mvn with -Pfaults")
                    .contains("| " + fault.name() + " | `" + fault.place() + "` |");
        }
        assertThat(page.lines().filter(line -> line.matches("\\| .* \\| `.*` \\| .* \\|")))
                .hasSameSizeAs(all);
    }
}
