package org.mxforge.runtime.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WikiTextRowsTest {
    /** As datasets has the rows: blank ones empty, others with their line feed. */
    @Test
    void rowsAreJoinedByBlankLines() {
        assertThat(WikiTextRows.joined(" \n = Title = \n \n Words .\n"))
                .isEqualTo("\n\n" + " = Title = \n" + "\n\n" + "" + "\n\n" + " Words .\n");
    }
}
