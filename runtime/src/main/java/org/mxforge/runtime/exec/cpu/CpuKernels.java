package org.mxforge.runtime.exec.cpu;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cpu.CpuDenseGemm;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;

/** The CPU kernels that have been wanted so far, emitted, compiled and instantiated once each. Not safe for concurrent use. */
final class CpuKernels {
    private final JavaJit jit;
    private final VariantChooser chooser;
    private final Map<Shaped, Object> shaped = new HashMap<>();
    private final Map<MxQuantizeSpec, CpuMxQuantize> quantizers = new HashMap<>();
    private final Map<KernelVariant, Object> compiled = new HashMap<>();

    /** What decoders ask for at every step. */
    private record Shaped(KernelSpec spec, GemmShape shape) {}

    /** Kernels compiled by {@code jit}, in the variants that {@code chooser} decides. */
    CpuKernels(JavaJit jit, VariantChooser chooser) {
        this.jit = jit;
        this.chooser = chooser;
    }

    CpuMxGemm mxGemm(MxGemmSpec spec, GemmShape shape) {
        return chosen(spec, shape, CpuMxGemm.class);
    }

    CpuDenseGemm denseGemm(DenseGemmSpec spec, GemmShape shape) {
        return chosen(spec, shape, CpuDenseGemm.class);
    }

    CpuMxQuantize mxQuantize(MxQuantizeSpec spec) {
        return quantizers.computeIfAbsent(
                spec, wanted -> compiled(KernelVariant.of(wanted, Target.CPU), CpuMxQuantize.class));
    }

    private <T> T chosen(KernelSpec spec, GemmShape shape, Class<T> type) {
        return type.cast(shaped.computeIfAbsent(new Shaped(spec, shape.bucketed()), wanted -> {
            KernelProblem problem = KernelProblem.usual(wanted.spec(), Target.CPU);
            return compiled(chooser.choose(problem, Target.CPU, wanted.shape()), type);
        }));
    }

    private <T> T compiled(KernelVariant variant, Class<T> type) {
        return type.cast(compiled.computeIfAbsent(variant, v -> jit.instantiate(CpuEmitter.emit(v), type)));
    }
}
