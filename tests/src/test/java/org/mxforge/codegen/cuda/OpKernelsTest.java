package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** The quantizers and plain kernels are emitted the same every time and compile without a spill or local memory. */
class OpKernelsTest {
    /** Every plain kernel, and quantizers that between them use each template of theirs. */
    private static final List<String> SPECS = List.of(
            "rmsnorm/v1;in=bf16;layout=plain",
            "rmsnorm/v1;in=fp32;layout=plain",
            "rmsnorm/v1;in=fp32;layout=bf16",
            "rmsnorm/v1;in=fp32;less=centre;layout=bf16",
            "silumul/v1;layout=plain",
            "silumul/v1;layout=bf16",
            "kvappend/v1;heads=plain",
            "kvappend/v1;heads=normed",
            "kvappend/v1;heads=normed;cache=mxfp8",
            "kvappend/v1;heads=plain;cache=int4",
            "router/v1",
            "expertchoice/v1",
            "expertorder/v1",
            "expertroute/v1",
            "expertsum/v1;out=bf16",
            "expertsum/v1;out=fp32",
            "embedding/v1;out=bf16",
            "embedding/v1;out=fp32",
            "rowgather/v1;type=bf16",
            "rowgather/v1;type=fp32",
            "rowscatteradd/v1;out=bf16",
            "rowscatteradd/v1;out=fp32",
            "partsum/v1;parts=2",
            "partjoin/v1;parts=2",
            "fp64factor/v1",
            "fp64rows/v1;in=fp32;layout=plain;transform=none;rule=none",
            "fp64rows/v1;in=bf16;layout=plain;transform=none;rule=floor",
            "fp64rows/v1;in=bf16;layout=bf16;transform=hadamard;rule=even",
            "mxround/v1",
            "softmax/v1",
            "sampling/v1",
            "crossentropy/v1",
            "int8quantize/v1;prologue=none;in=bf16",
            "int8quantize/v1;prologue=rmsnorm;in=fp32",
            "int8quantize/v1;prologue=silumul;in=bf16",
            "attention/v1;head=8",
            "attention/v1;head=32;cache=int8",
            "attention/v1;head=224;cache=mxfp4",
            "attention/v1;head=80",
            "attention/v1;head=256",
            "mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact|tiled",
            "mxquantize/v2;side=activation;formats=e2m3+e5m2;rule=floor;groups=g32;prologue=rmsnorm;in=bf16;tolerance=exact|tiled",
            "mxquantize/v2;side=activation;formats=e2m1+e2m3+e2m1;rule=even;groups=g32;prologue=silumul;in=fp32;tolerance=exact|rows",
            "mxquantize/v2;side=weight;formats=e3m2;rule=ceil;groups=g32;prologue=none;in=fp32;tolerance=exact|tiled");

    static Stream<KernelVariant> variants() {
        return SPECS.stream().flatMap(kernel -> Variants.all(kernel, Target.SM_80).stream());
    }

    static Stream<Arguments> compiled() {
        return SPECS.stream().flatMap(kernel -> Stream.of(Target.SM_80, Target.SM_90A, Target.SM_120A)
                .map(target -> Arguments.of(kernel, target)));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void emitsTheSameTextEveryTime(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        assertThat(CudaEmitter.emit(KernelVariant.parse(variant.text()))).isEqualTo(source);
        assertThat(source.text())
                .startsWith("// GENERATED from " + variant.text() + "; do not edit\n")
                .contains(source.entryPoint() + "(")
                .contains("constexpr int THREADS = " + source.threads() + ";")
                .doesNotContain("#include", "\t", " \n");
    }

    @ParameterizedTest
    @MethodSource("compiled")
    void compilesWithoutSpills(String kernel, Target target) {
        // The widest block has the fewest registers for each thread.
        KernelVariant usual = Variants.usual(kernel, target);
        KernelVariant variant = KernelVariant.of(usual.spec(), usual.algorithm(), target, new RowTiling(512));
        CompiledKernel compiled = Nvrtc.load()
                .compile(variant.identifier(), CudaEmitter.emit(variant).text(), target, ImageKind.CUBIN);
        assertThat(compiled.spillBytes()).isZero();
        assertThat(compiled.log()).contains("0 bytes stack frame").doesNotContain("warning");
        // Attention keeps keys and values of several positions under way, and a router the weights of several experts:
        // one
        // block of so many threads to a multiprocessor.
        assertThat(compiled.registers())
                .isLessThanOrEqualTo(kernel.startsWith("attention") || kernel.startsWith("router") ? 128 : 64);
    }
}
