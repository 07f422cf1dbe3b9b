package org.mxforge.runtime.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.ModelSize;
import org.mxforge.runtime.quant.Recipe;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

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

    /** The name of one would lie over the point of another, and that of the third over both. */
    @Test
    void namesCoverNeitherNamesNorPoints() throws Exception {
        Document svg = plot(
                result("mxfp4", 4.25, 12),
                result("bf16", 16, 10),
                result("mxfp6-e2m3", 4.5, 12.1),
                result("mxfp8", 4.4, 12));
        NodeList circles = svg.getElementsByTagName("circle");
        NodeList texts = svg.getElementsByTagName("text");
        List<Element> names = IntStream.range(0, texts.getLength())
                .mapToObj(i -> (Element) texts.item(i))
                .filter(text -> text.getTextContent().startsWith("mx"))
                .toList();
        assertThat(names).hasSize(3);
        for (Element name : names) {
            double y = number(name, "y");
            assertThat(names)
                    .filteredOn(other -> Math.abs(number(other, "y") - y) < 15)
                    .containsExactly(name);
            for (int i = 0; i < circles.getLength(); i++) {
                Element circle = (Element) circles.item(i);
                assertThat(number(circle, "cx") > 400 || y < number(circle, "cy") - 9 || y > number(circle, "cy") + 15)
                        .isTrue();
            }
        }
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
