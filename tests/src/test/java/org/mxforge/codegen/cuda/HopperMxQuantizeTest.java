package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** The quantizers that fold are emitted the same every time, and compile without a spill for as many blocks as they launch. */
class HopperMxQuantizeTest {
    private static final String ACTIVATION = "mxquantize/v2;side=activation;formats=";
    /** Between them every template, format, prologue and source. */
    private static final List<String> SPECS = List.of(
            ACTIVATION + "e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=within4|containers",
            ACTIVATION + "e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=rmsnorm;in=fp32;tolerance=within4|containers",
            ACTIVATION + "e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=silumul;in=bf16;tolerance=within4|containers",
            ACTIVATION + "e2m3+e5m2+e2m1;rule=even;groups=g32;prologue=rmsnorm;in=bf16;tolerance=within4|containers",
            ACTIVATION
                    + "e2m1+e3m2+e2m3+e4m3+e5m2+e2m1+e3m2+e2m3;rule=floor;groups=g32;prologue=silumul;in=fp32;tolerance=within4|containers",
            ACTIVATION + "e2m1+e2m3+e4m3;rule=ceil;groups=g32;prologue=rmsnorm;in=fp32;tolerance=exact|mixed",
            ACTIVATION
                    + "e2m1+e2m3+e4m3;rule=clip;groups=g32;transform=hadamard;prologue=rmsnorm;in=fp32;tolerance=exact|mixed",
            ACTIVATION
                    + "e2m1+e3m2+e4m3;rule=clip;groups=g32;transform=hadamard;prologue=silumul;in=bf16;tolerance=within4|containers",
            ACTIVATION
                    + "e4m3;rule=ceil;groups=g32;transform=hadamard;prologue=none;in=bf16;tolerance=within4|containers",
            ACTIVATION
                    + "e2m1+e2m3+e4m3;rule=clip;groups=g32;transform=hadamard;prologue=rmsnormcentred;in=fp32;tolerance=exact|mixed",
            ACTIVATION + "e2m1+e2m3;rule=clip;groups=g32;prologue=rmsnormcentred;in=fp32;tolerance=exact|containers",
            ACTIVATION + "e2m1;rule=ceil;groups=g32;prologue=none;in=fp32;tolerance=exact|containers");

    static Stream<KernelVariant> variants() {
        return SPECS.stream().flatMap(kernel -> Variants.all(kernel, Target.SM_90A).stream());
    }

    /** Of every spec, the configurations with the fewest registers for a thread: those that fill the register file best. */
    static Stream<KernelVariant> tightest() {
        return variants().filter(variant -> List.of(128, 448)
                .contains(variant.configuration().get("threads")));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void emitsTheSameTextEveryTime(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        assertThat(CudaEmitter.emit(KernelVariant.parse(variant.text()))).isEqualTo(source);
        assertThat(source.entryPoint()).isEqualTo(variant.identifier());
        assertThat(source.text())
                .startsWith("// GENERATED from " + variant.text() + "; do not edit\n")
                .containsOnlyOnce(" " + source.entryPoint() + "(\n")
                .contains("constexpr int THREADS = " + source.threads() + ";")
                .doesNotContain("#include", "\t", " \n", "$", "\n\n\n")
                .endsWith("}\n");
    }

    @ParameterizedTest
    @MethodSource("tightest")
    void compilesWithoutSpills(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        CompiledKernel kernel =
                Nvrtc.load().compile(source.entryPoint(), source.text(), variant.target(), ImageKind.CUBIN);
        assertThat(kernel.spillBytes()).as("spills of " + variant.text()).isZero();
        assertThat(kernel.log()).contains(" 0 bytes stack frame").doesNotContain("warning");
        assertThat(kernel.staticSharedBytes()).isLessThanOrEqualTo(256);
        assertThat(source.sharedBytes() + kernel.staticSharedBytes())
                .isLessThanOrEqualTo(variant.target().sharedMemoryPerBlock());
    }
}
