package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * Ways to multiply of which one may choose the fastest for each shape.
 *
 * @param name as reports have it
 * @param variants the choice
 */
record VariantClass(String name, Set<GemmVariant> variants) {
    private static final List<VariantClass> CHOICES = List.of(
            new VariantClass(
                    "best promoted from packed weights",
                    EnumSet.of(GemmVariant.STREAMED_PROMOTED, GemmVariant.UNPACK_PROMOTED)),
            new VariantClass(
                    "best from packed weights",
                    EnumSet.of(
                            GemmVariant.STREAMED,
                            GemmVariant.STREAMED_PROMOTED,
                            GemmVariant.UNPACK,
                            GemmVariant.UNPACK_PROMOTED)));

    /** Each variant among {@code rows} by itself, then the choices among several of which all are there. */
    static List<VariantClass> of(List<GemmRow> rows) {
        Set<GemmVariant> present = rows.stream()
                .map(GemmRow::variant)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(GemmVariant.class)));
        List<VariantClass> classes = new ArrayList<>();
        present.forEach(
                variant -> classes.add(new VariantClass(variant.name().toLowerCase(Locale.ROOT), EnumSet.of(variant))));
        CHOICES.stream().filter(choice -> present.containsAll(choice.variants)).forEach(classes::add);
        return classes;
    }

    private record Shape(int m, int n, int k) {}

    /** The fastest of this class on each shape that {@code rows}, none of them failed, have. */
    List<BenchRow> best(List<GemmRow> rows) {
        Map<Shape, BenchRow> best = new LinkedHashMap<>();
        for (GemmRow row : rows) {
            if (variants.contains(row.variant())) {
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
