package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.codegen.kernel.gemm.MxGroupedGemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** Grouped GEMMs with folded scales: their text, and that finding the routes costs no registers that the products need. */
class HopperGroupedGemmTest {
    private static final List<String> SPECS = List.of(
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|wgmma_containers",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=silumul;out=bf16;tolerance=within4|wgmma_fragments",
            "mxgroupedgemm/v2;pairs=e4m3xe2m1;groups=g32;epilogue=bias;out=fp16;tolerance=within4|wgmma_fragments",
            "mxgroupedgemm/v2;pairs=e5m2xe4m3;groups=g32;epilogue=residual;out=fp32;tolerance=exact|wgmma_bf16",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact|wgmma_fragments",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact|wgmma_mixed_fragments",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact;rows=16|stream_fragments",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact;rows=16|stream_fragments",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|stream_fragments",
            "mxgroupedgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=bias;out=fp32;tolerance=within4|stream_containers");

    static Stream<KernelVariant> variants() {
        return SPECS.stream().flatMap(kernel -> Variants.all(kernel, Target.SM_90A).stream());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void emitsTheSameTextEveryTime(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        assertThat(CudaEmitter.emit(KernelVariant.parse(variant.text()))).isEqualTo(source);
        assertThat(source.text())
                .startsWith("// GENERATED from " + variant.text() + "; do not edit\n")
                .containsOnlyOnce(" " + source.entryPoint() + "(\n")
                .containsOnlyOnce("    const int2* routes,\n")
                .doesNotContain("#include", "\t", " \n", "$");
        assertThat(source.sharedBytes()).isLessThanOrEqualTo(Target.SM_90A.sharedMemoryPerBlock());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void compilesWithoutSpills(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        CompiledKernel kernel =
                Nvrtc.load().compile(source.entryPoint(), source.text(), Target.SM_90A, ImageKind.CUBIN);
        assertThat(kernel.spillBytes()).as(variant.text()).isZero();
        assertThat(kernel.log()).as(variant.text()).contains(" 0 bytes stack frame");
    }

    @Test
    void aGemmOfOneSetOfWeightsTakesNoRoutes() {
        MxGroupedGemmSpec grouped = new MxGroupedGemmSpec(GemmSpecs.mixed("e2m1xe2m1", Epilogue.BIAS, ScalarType.BF16));
        String plain = CudaEmitter.emit(KernelVariant.of(grouped.expert(), MxGemmKind.WGMMA_CONTAINERS, Target.SM_90A))
                .text();
        String routed = CudaEmitter.emit(KernelVariant.of(grouped, MxGroupedGemmKind.WGMMA_CONTAINERS, Target.SM_90A))
                .text();
        assertThat(plain).doesNotContain("routes", "__ballot_sync").contains("FINDERS = 1;");
        assertThat(routed).contains("bias + tile.expert * n", "FINDERS = 32;");
    }
}
