package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * Ways to multiply of which one may choose the fastest for each shape.
 *
 * @param name as reports have it
 * @param ways the choice
 */
record GemmClass(String name, Predicate<GemmRow> ways) {
    private static final List<GemmClass> CHOICES = List.of(
            new GemmClass("best promoted from packed weights", row -> row.fromPacked() && row.promoted()),
            new GemmClass("best from packed weights", GemmRow::fromPacked));

    /** Each way among {@code rows} by itself, then the choices among several, where several are there. */
    static List<GemmClass> of(List<GemmRow> rows) {
        List<GemmClass> classes = new ArrayList<>();
        rows.stream()
                .map(GemmRow::way)
                .distinct()
                .forEach(way -> classes.add(new GemmClass(way, row -> row.way().equals(way))));
        CHOICES.stream()
                .filter(choice -> rows.stream()
                                .filter(choice.ways)
                                .map(GemmRow::way)
                                .distinct()
                                .count()
                        > 1)
                .forEach(classes::add);
        return classes;
    }

    private record Shape(int m, int n, int k) {}

    /** The fastest of this class on each shape that {@code rows}, none of them failed, have. */
    List<BenchRow> best(List<GemmRow> rows) {
        Map<Shape, BenchRow> best = new LinkedHashMap<>();
        for (GemmRow row : rows) {
            if (ways.test(row)) {
                BenchRow own = row.row();
                best.merge(
                        new Shape(own.m(), own.n(), own.k()),
                        own,
                        BinaryOperator.minBy(
                                Comparator.comparingDouble(line -> line.millis().orElseThrow())));
            }
        }
        return List.copyOf(best.values());
    }
}
