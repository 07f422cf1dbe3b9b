package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.Table;

/** Recipes side by side, what the model writes under each, and which one to take. */
final class ComparisonTable {
    /** Columns of a terminal that all tables fit into; two are between two cells. */
    private static final int WIDTH = 80 - 2;

    private ComparisonTable() {}

    /** Prints it as text. */
    static void show(Console console, String prompt, List<Compared> results) {
        console.table(table(results));
        console.line(
                "Bits of a weight and of an activation (ACT.) on average, their scales included; tokens a second.");
        console.blank();
        console.table(texts(prompt, results));
        console.blank();
        console.line(Compared.advice(results).sentence());
    }

    private static Table table(List<Compared> results) {
        Table table = new Table("RECIPE", "PERPLEXITY", "BITS/WEIGHT", "BITS/ACT.", "SIZE", "SCORED/S", "WRITTEN/S");
        for (Compared result : results) {
            table.row(
                    result.recipe().text(),
                    String.format(Locale.ROOT, "%.3f", result.perplexity()),
                    String.format(Locale.ROOT, "%.2f", result.size().bitsPerWeight()),
                    String.format(Locale.ROOT, "%.2f", result.activationBits()),
                    ByteSize.text(result.size().bytes()),
                    String.format(Locale.ROOT, "%.0f", result.scoringRate()),
                    String.format(Locale.ROOT, "%.0f", result.generationRate()));
        }
        return table;
    }

    private static Table texts(String prompt, List<Compared> results) {
        int names = results.stream()
                .mapToInt(result -> result.recipe().text().length())
                .max()
                .orElse(0);
        Table table = new Table("RECIPE", prompt + " ...");
        for (Compared result : results) {
            String name = result.recipe().text();
            for (String line : folded(result.continuation(), WIDTH - names)) {
                table.row(name, line);
                name = "";
            }
        }
        return table;
    }

    /** A text in lines of so many characters, broken between words; of one that is longer a line has more. */
    private static List<String> folded(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    static ArrayNode json(List<Compared> results) {
        ArrayNode recipes = JsonNodeFactory.instance.arrayNode();
        for (Compared result : results) {
            recipes.addObject()
                    .put("recipe", result.recipe().text())
                    .put("perplexity", result.perplexity())
                    .put("tokens", result.tokens())
                    .put("bits_per_weight", result.size().bitsPerWeight())
                    .put("bits_per_activation", result.activationBits())
                    .put("bytes", result.size().bytes())
                    .put("scoring_tokens_per_second", result.scoringRate())
                    .put("writing_tokens_per_second", result.generationRate())
                    .put("continuation", result.continuation());
        }
        return recipes;
    }
}
