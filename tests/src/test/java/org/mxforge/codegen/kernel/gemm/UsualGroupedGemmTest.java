package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.SampleProblems;

/** Experts with few tokens get low tiles, where the kernel has some. */
class UsualGroupedGemmTest {
    private static KernelVariant usual(String algorithm, Target target, int tokens) {
        return SampleProblems.grouped(algorithm).usual(target, new GroupedShape(8, tokens, 4096, List.of(4096)));
    }

    private static Configuration choice(String algorithm, Target target, int tokens) {
        return usual(algorithm, target, tokens).configuration();
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "8, 16", "9, 32", "16, 32", "17, 64", "32, 64", "33, 128", "5000, 128"})
    void packedOperands(int tokens, int rows) {
        assertThat(choice("mma", Target.SM_80, tokens).get("bm")).isEqualTo(rows);
        assertThat(choice("mma", Target.SM_120A, tokens).get("bm")).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({
        "wgmma_fragments, 17, 64",
        "wgmma_fragments, 32, 64",
        "wgmma_containers, 33, 128",
        "wgmma_containers, 64, 128",
        "wgmma_fragments, 65, 256",
        "wgmma_bf16, 300, 256"
    })
    void foldedOperandsAreAsUsualButForTheHeight(String algorithm, int tokens, int rows) {
        Configuration choice = choice(algorithm, Target.SM_90A, tokens);
        assertThat(choice.get("bm")).isEqualTo(rows);
        assertThat(choice.get("promote"))
                .isEqualTo(choice(algorithm, Target.SM_90A, 1000).get("promote"));
    }

    @ParameterizedTest
    @CsvSource({"1, stream_fragments", "16, stream_fragments", "17, wgmma_fragments"})
    void fewTokensStreamTheirWeights(int tokens, String algorithm) {
        assertThat(usual("wgmma_fragments", Target.SM_90A, tokens).algorithm().name())
                .isEqualTo(algorithm);
    }
}
