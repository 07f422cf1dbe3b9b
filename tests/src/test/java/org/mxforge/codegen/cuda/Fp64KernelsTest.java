package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Fp64FactorSpec;
import org.mxforge.dsl.spec.Fp64GemmSpec;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** Kernels in FP64, whose numbers take two registers each, hold them in registers in every configuration. */
class Fp64KernelsTest {
    private static Stream<KernelSpec> specs() {
        Stream<KernelSpec> products = Stream.of(false, true).flatMap(transposed -> Stream.of(Fp64GemmSpec.Sum.values())
                .map(sum -> new Fp64GemmSpec(transposed, sum)));
        Stream<KernelSpec> others = Stream.of(
                new Fp64FactorSpec(),
                new Fp64RowsSpec(ScalarType.FP32, OperandLayout.PLAIN, GroupTransform.NONE, Optional.empty()),
                new Fp64RowsSpec(
                        ScalarType.BF16, OperandLayout.PLAIN, GroupTransform.NONE, Optional.of(ScaleRule.FLOOR)),
                new Fp64RowsSpec(
                        ScalarType.BF16, OperandLayout.BF16, GroupTransform.HADAMARD, Optional.of(ScaleRule.EVEN)));
        return Stream.concat(products, others);
    }

    @ParameterizedTest
    @EnumSource(
            value = Target.class,
            names = {"SM_80", "SM_90A"})
    void compileWithoutSpills(Target target) {
        List<KernelVariant> variants =
                specs().flatMap(spec -> Variants.every(spec, target)).toList();
        assertThat(variants).hasSizeGreaterThan(50);
        assertThat(variants.parallelStream().filter(variant -> !fitsItsRegisters(variant)))
                .isEmpty();
    }

    private static boolean fitsItsRegisters(KernelVariant variant) {
        CompiledKernel kernel = Nvrtc.load()
                .compile(variant.identifier(), CudaEmitter.emit(variant).text(), variant.target(), ImageKind.CUBIN);
        return kernel.spillBytes() == 0 && kernel.log().contains(" 0 bytes stack frame");
    }
}
