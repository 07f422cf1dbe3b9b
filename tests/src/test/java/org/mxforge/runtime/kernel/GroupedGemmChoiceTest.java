package org.mxforge.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;

/** Experts with few tokens get low tiles, where the kernel has some. */
class GroupedGemmChoiceTest {
    private static Configuration choice(String groups, Target target, int tokens) {
        String text = "mxgroupedgemm/v1;pairs=e2m1xe2m1;groups=" + groups + ";epilogue=none;out=bf16";
        MxGroupedGemmSpec spec = (MxGroupedGemmSpec) KernelSpec.parse(text);
        Configuration choice = GroupedGemmChoice.of(spec, target, tokens);
        spec.space(target).check(choice);
        return choice;
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "8, 16", "9, 32", "16, 32", "17, 64", "32, 64", "33, 128", "5000, 128"})
    void packedOperands(int tokens, int rows) {
        assertThat(choice("g32.tile128x4", Target.SM_80, tokens).get("bm")).isEqualTo(rows);
        assertThat(choice("g32.tile128x4", Target.SM_120A, tokens).get("bm")).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({"g32.streamed, 1, 64", "g32.streamed, 32, 64", "g32.folded, 33, 128", "g32.expanded, 300, 128"})
    void foldedOperandsAreAsUsualButForTheHeight(String groups, int tokens, int rows) {
        Configuration choice = choice(groups, Target.SM_90A, tokens);
        assertThat(choice.get("bm")).isEqualTo(rows);
        assertThat(choice.get("promote"))
                .isEqualTo(choice(groups, Target.SM_90A, 1000).get("promote"));
    }
}
