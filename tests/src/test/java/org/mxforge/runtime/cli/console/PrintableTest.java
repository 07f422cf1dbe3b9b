package org.mxforge.runtime.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000", "\u001b", "\u0007", "\b", "\u007f", "\u009b", "\u202e", "\u2066", "\u200f", "\u061c",
                "\ufeff", "\u200b", "\ud800", "\udc00"
            })
    void whatActsOnATerminalIsEscaped(String active) {
        String escaped = "a\\u" + String.format("%04x", (int) active.charAt(0)) + "b";
        for (String text : new String[] {
            Printable.sentence("a" + active + "b"),
            Printable.cell("a" + active + "b"),
            Printable.lines("a" + active + "b")
        }) {
            assertThat(text).isEqualTo(escaped);
        }
    }

    @Test
    void tagsOutsideTheFirstPlaneAreEscapedAsPairs() {
        assertThat(Printable.cell("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void everyScriptStays() {
        String text =
                "na\u00efve \u0645\u0631\u062d\u0628\u0627 \u0915\u094d\u200d\u0937 \u65e5\u672c \ud83d\udc68\u200d\ud83d\udc69";
        assertThat(Printable.sentence(text)).isEqualTo(text);
        assertThat(Printable.lines(text + "\n\t" + text)).isEqualTo(text + "\n\t" + text);
    }

    @Test
    void aSentenceIsOneLineAndNotLong() {
        assertThat(Printable.sentence(" a\r\n  b\n\nc\u2028d ")).isEqualTo("a b c d");
        String text = Printable.sentence("the name '" + "\u001b".repeat(1 << 20) + "' is odd: choose another");
        assertThat(text).startsWith("the name '\\u001b").endsWith("is odd: choose another");
        assertThat(text).contains("characters left out").hasSizeLessThan(8000);
    }

    @Test
    void tablesAreEscapedAndNotWide() {
        Table table = new Table("NAME", "N").row("a\u001b[31m\nb", "1").row("x".repeat(1 << 20), "2");
        assertThat(table.lines(new Style(false))).hasSize(3);
        assertThat(table.lines(new Style(false)))
                .allSatisfy(line -> assertThat(line).doesNotContain("\u001b").hasSizeLessThan(600));
        assertThat(table.lines(new Style(false)).get(1)).startsWith("a\\u001b[31m\\u000ab");
    }

    @Test
    void jsonMeansTheSame() throws Exception {
        StringWriter out = new StringWriter();
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("text", "a\u202e\u009b\u0000\ud83e\udd80\nb");
        new Console(new PrintWriter(out), new PrintWriter(out), true).document(document);
        assertThat(out.toString()).contains("\\u202e", "\\u009b").doesNotContain("\u202e", "\u009b");
        assertThat(new com.fasterxml.jackson.databind.ObjectMapper().readTree(out.toString()))
                .isEqualTo(document);
    }
}
