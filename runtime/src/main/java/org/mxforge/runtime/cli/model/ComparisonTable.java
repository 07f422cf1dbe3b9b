package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.Table;

/** Recipes side by side, what the model writes under each, and which one to take. */
final class ComparisonTable {
    /** With it a line has 80 columns at most; longer recipes stand above their numbers. */
    private static final int LONGEST_NAME = 24;

    private ComparisonTable() {}

    /** Prints it as text. */
    static void show(Console console, String prompt, List<Compared> results) {
        console.table(table(results));
        console.line("WEIGHT, ACT.: average bits of a weight and of an activation, scales included");
        console.line("SCORED, WRITTEN: tokens a second");
        console.blank();
        console.table(texts(prompt, results));
        console.blank();
        console.line(Compared.advice(results).sentence());
    }

    private static Table table(List<Compared> results) {
        Table table = new Table("RECIPE", "PERPLEXITY", "WEIGHT", "ACT.", "SIZE", "SCORED", "WRITTEN");
        for (Compared result : results) {
            String name = result.recipe().text();
            boolean isLong = name.length() > LONGEST_NAME;
            Table below = isLong ? table.under(name) : table.under();
            below.row(
                    isLong ? "" : name,
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
        Table table = new Table("RECIPE", prompt + " ...");
        results.forEach(result -> table.row(result.recipe().text(), oneLine(result.continuation())));
        return table;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
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
