package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.QuantizeWork;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.target.Target;

class QuantizeCaseTest {
    private static final List<ElementFormat> FORMATS =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
    private static final Shares SHARES = Shares.parse("50:25:25");

    private static QuantizeWork work(Prologue prologue, OperandLayout layout) {
        return (QuantizeWork) example(10, 512, FORMATS, prologue).work(layout);
    }

    private static QuantizeCase example(int rows, int channels, List<ElementFormat> formats, Prologue prologue) {
        return new QuantizeCase(rows, channels, formats, SHARES, ScaleRule.CEIL, GroupTransform.HADAMARD, prologue);
    }

    @Test
    void bytesAreThoseOfItsParts() {
        long codes = 256 / 2 + 128 * 3 / 4 + 128;
        assertThat(work(Prologue.NONE, OperandLayout.TILED))
                .isEqualTo(new QuantizeWork(10 * 512 * 2 + 512 * 4, 10 * (codes + 16)));
        assertThat(work(Prologue.NONE, OperandLayout.CONTAINERS))
                .isEqualTo(new QuantizeWork(10 * 512 * 2 + 512 * 4, 10 * (512 + 4)));
        assertThat(work(Prologue.RMSNORM, OperandLayout.TILED).read()).isEqualTo(11 * 512 * 2 + 512 * 4);
        assertThat(work(Prologue.SILU_MUL, OperandLayout.TILED).read()).isEqualTo(20 * 512 * 2 + 512 * 4);
    }

    @Test
    void namesTellPrologueTransformAndLayout() {
        assertThat(example(10, 512, FORMATS, Prologue.RMSNORM).name(OperandLayout.CONTAINERS))
                .isEqualTo("mxforge_quantize_rmsnorm_hadamard_folded");
        assertThat(example(10, 512, FORMATS, Prologue.NONE).name(OperandLayout.MIXED))
                .isEqualTo("mxforge_quantize_none_hadamard_mixed");
    }

    /** Where exact folding leaves no room, both ways out are measured. */
    @Test
    void layoutsAreThoseOfTheTarget() {
        QuantizeCase example = example(10, 512, FORMATS, Prologue.NONE);
        assertThat(example.layouts(Target.SM_80)).containsExactly(OperandLayout.TILED);
        assertThat(example.layouts(Target.SM_90A))
                .containsExactly(OperandLayout.CONTAINERS, OperandLayout.MIXED, OperandLayout.TILED);
    }

    @Test
    void casesThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(0, 512, FORMATS, Prologue.NONE))
                .withMessageContaining("number of rows is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(1, 512, FORMATS.subList(0, 2), Prologue.NONE))
                .withMessageContaining("50:25:25 does not fit 2 formats");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(1, 100, FORMATS, Prologue.NONE))
                .withMessageContaining("100 channels");
    }
}
