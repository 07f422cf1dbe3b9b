package org.mxforge.runtime.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.ModelSize;
import org.mxforge.runtime.quant.Recipe;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ComparisonPlotTest {
    private static Compared result(String recipe, double bits, double perplexity) {
        return new Compared(Recipe.parse(recipe), new ModelSize(1, bits), bits, perplexity, 10_000, 1, 1, "");
    }

    private static Document plot(Compared... results) throws Exception {
        byte[] svg = new ComparisonPlot(List.of(results), "a < b & c").svg().getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    }

    @Test
    void betterIsLowerAndSmallerIsLeft() throws Exception {
        Document svg = plot(result("bf16", 16, 10), result("mxfp4", 4.25, 12));
        Element plain = (Element) svg.getElementsByTagName("circle").item(0);
        Element small = (Element) svg.getElementsByTagName("circle").item(1);
        assertThat(number(plain, "cx")).isGreaterThan(number(small, "cx"));
        assertThat(number(plain, "cy")).isGreaterThan(number(small, "cy"));
        assertThat(svg.getDocumentElement().getTextContent()).contains("a < b & c", "bf16", "mxfp4");
    }

    @Test
    void equalResultsHaveAPlaceToo() throws Exception {
        Document svg = plot(result("bf16", 16, 10), result("mxfp8", 8.25, 10));
        assertThat(number((Element) svg.getElementsByTagName("circle").item(0), "cy"))
                .isBetween(64.0, 325.0);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
