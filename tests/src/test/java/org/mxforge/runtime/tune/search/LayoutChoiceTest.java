package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;

class LayoutChoiceTest {
    private static final List<OperandLayout> TWO = List.of(OperandLayout.FRAGMENTS, OperandLayout.CONTAINERS);

    private static LayoutChoice layer(String pair) {
        return new LayoutChoice(
                MxGemmSpec.exact(List.of(FormatPair.parse(pair)), Epilogue.NONE, ScalarType.BF16), 256, List.of(512));
    }

    private static OperandLayout best(String pair, Map<OperandLayout, Double> expected) {
        return layer(pair)
                .best(TWO, (layout, shape) -> OptionalDouble.empty(), (layout, shape) -> expected.get(layout));
    }

    @Test
    void theLayoutOfTheLeastTimeIsTaken() {
        assertThat(best("e3m2xe3m2", Map.of(OperandLayout.FRAGMENTS, 2.0, OperandLayout.CONTAINERS, 1.0)))
                .isEqualTo(OperandLayout.CONTAINERS);
        assertThat(best("e3m2xe3m2", Map.of(OperandLayout.FRAGMENTS, 1.05, OperandLayout.CONTAINERS, 1.0)))
                .as("hardly any difference")
                .isEqualTo(OperandLayout.FRAGMENTS);
    }

    @Test
    void weightsStaySmall() {
        assertThat(best("e2m1xe2m1", Map.of(OperandLayout.FRAGMENTS, 2.0, OperandLayout.CONTAINERS, 1.0)))
                .isEqualTo(OperandLayout.FRAGMENTS);
    }

    @Test
    void aSingleTokenCountsMoreThanAPrompt() {
        OperandLayout best = layer("e3m2xe3m2")
                .best(
                        TWO,
                        (layout, shape) -> OptionalDouble.empty(),
                        (layout, shape) -> layout == OperandLayout.FRAGMENTS == (shape.m() == 1) ? 1 : 4);
        assertThat(best).isEqualTo(OperandLayout.FRAGMENTS);
    }

    @Test
    void measurementsAreNotComparedWithHopes() {
        OperandLayout best = layer("e3m2xe3m2")
                .best(
                        TWO,
                        (layout, shape) ->
                                layout == OperandLayout.FRAGMENTS ? OptionalDouble.of(9) : OptionalDouble.empty(),
                        (layout, shape) -> layout == OperandLayout.FRAGMENTS ? 1 : 2);
        assertThat(best).isEqualTo(OperandLayout.FRAGMENTS);
    }
}
