package org.mxforge.runtime.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StyleTest {
    private static final Table TABLE =
            new Table("NAME", "N").section("first").row("caf\u00e9", "1").row("@|bold b|@", "20");

    @Test
    void columnsAreAligned() {
        assertThat(TABLE.lines(new Style(false)))
                .containsExactly("NAME         N", "first", "caf\u00e9         1", "@|bold b|@  20");
    }

    @Test
    void headsAndSectionsStandOut() {
        assertThat(TABLE.lines(new Style(true)))
                .startsWith("\u001b[1mNAME         N\u001b[0m", "\u001b[1mfirst\u001b[0m")
                .endsWith("@|bold b|@  20");
    }

    /** The tests' own output is no terminal. */
    @Test
    void nothingIsColouredElsewhere() {
        assertThat(Style.ofStandardOutput().error("x")).isEqualTo("x");
    }
}
