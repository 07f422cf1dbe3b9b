package org.mxforge.runtime.exec.cpu;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.codegen.cpu.CpuEmitter;
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
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;

/** The CPU kernels that have been wanted so far, emitted, compiled and instantiated once each. Not safe for concurrent use. */
final class CpuKernels {
    private final JavaJit jit;
    private final VariantChooser chooser;
    private final Map<Choice, KernelVariant> choices = new HashMap<>();
    private final Map<KernelVariant, Object> kernels = new HashMap<>();

    /** Kernels compiled by {@code jit}, in the variants that {@code chooser} decides. */
    public CpuKernels(JavaJit jit, VariantChooser chooser) {
        this.jit = jit;
        this.chooser = chooser;
    }

    public CpuMxGemm mxGemm(MxGemmSpec spec, GemmShape shape) {
        return kernel(chosen(spec, shape), CpuMxGemm.class);
    }

    public CpuDenseGemm denseGemm(DenseGemmSpec spec, GemmShape shape) {
        return kernel(chosen(spec, shape), CpuDenseGemm.class);
    }

    public CpuMxQuantize mxQuantize(MxQuantizeSpec spec) {
        return kernel(KernelVariant.of(spec, Target.CPU), CpuMxQuantize.class);
    }

    private KernelVariant chosen(KernelSpec spec, GemmShape shape) {
        return choices.computeIfAbsent(new Choice(spec, shape.bucketed()), this::choose);
    }

    private KernelVariant choose(Choice choice) {
        return chooser.choose(KernelProblem.usual(choice.spec, Target.CPU), Target.CPU, choice.shape);
    }

    private <T> T kernel(KernelVariant variant, Class<T> type) {
        return type.cast(kernels.computeIfAbsent(variant, v -> jit.instantiate(CpuEmitter.emit(v), type)));
    }

    private record Choice(KernelSpec spec, GemmShape shape) {}
}
