package org.mxforge.runtime.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Style PLAIN = new Style(false);

    @Test
    void whatRowsAreAboutStandsAboveThemOnce() {
        Table table = new Table("TILES", "MS")
                .under("gemm", "m1")
                .row("bm=16", "0.5")
                .under("gemm", "m1")
                .row("bm=32", "0.25")
                .under("gemm", "m2")
                .row("bm=16", "1.5")
                .under("softmax")
                .row("threads=64", "2.0");
        assertThat(table.lines(PLAIN))
                .containsExactly(
                        "TILES          MS",
                        "gemm",
                        " m1",
                        "  bm=16       0.5",
                        "  bm=32      0.25",
                        " m2",
                        "  bm=16       1.5",
                        "softmax",
                        " threads=64   2.0");
    }

    /** A sentence in the last column goes on below itself; a name is never cut, but begins a line of its own. */
    @Test
    void linesFitATerminal() {
        String sentence = "no GPU was found, since the driver is not there: install it, or use --device cpu";
        String path = "/a/folder/whose/path/is/longer/than/what/is/left/of/a/line/behind/the/name";
        List<String> lines = Table.withoutHeader(2)
                .row("missing", sentence)
                .row("library", path)
                .row("heap", "2 GiB")
                .lines(PLAIN);
        assertThat(lines)
                .allMatch(line -> line.length() <= 80)
                .contains("library", "    " + path, "heap     2 GiB")
                .anyMatch(line -> line.startsWith("missing  no GPU"));
        assertThat(lines.get(1)).startsWith(" ".repeat(9)).doesNotStartWith(" ".repeat(10));
        assertThat(String.join(" ", lines.get(0), lines.get(1).strip())).endsWith(sentence);
    }

    @Test
    void remarksAreWrappedBelowTheirRow() {
        String remark =
                "wrong at row 3, column 5: " + "1.5 instead of 2.5 ".repeat(5).strip();
        List<String> lines =
                new Table("KERNEL", "RESULT").row("a", "failed").remark(remark).lines(PLAIN);
        assertThat(lines).hasSize(4).allMatch(line -> line.length() <= 80);
        assertThat(lines.get(2)).startsWith("    wrong at");
        assertThat(lines.get(2).strip() + " " + lines.get(3).strip()).isEqualTo(remark);
    }
}
