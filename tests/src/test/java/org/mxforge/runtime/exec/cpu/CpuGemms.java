package org.mxforge.runtime.exec.cpu;

import java.nio.file.Path;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.oracle.ExactOperands;

/** Emits, compiles and runs CPU GEMMs. */
final class CpuGemms implements AutoCloseable {
    private final JavaJit jit;
    private final CpuExecutor executor = new CpuExecutor(2);

    CpuGemms(Path cache) {
        this.jit = new JavaJit(new ArtifactCache(cache));
    }

    static MxGemmSpec spec(ChannelSplit split, Epilogue epilogue) {
        return new MxGemmSpec(split.pairs(), split.groups(), epilogue, ScalarType.FP32, Tolerance.EXACT);
    }

    CpuMxGemm kernel(MxGemmSpec spec) {
        return kernel(KernelVariant.of(spec, Target.CPU));
    }

    CpuMxGemm kernel(KernelVariant variant) {
        return jit.instantiate(CpuEmitter.emit(variant), CpuMxGemm.class);
    }

    JavaJit jit() {
        return jit;
    }

    GemmRunner runner() {
        return new GemmRunner(executor);
    }

    float[] multiply(CpuMxGemm kernel, ExactOperands operands, float[] epilogueOperand) {
        return multiply(kernel, operands, epilogueOperand, operands.weight().rows());
    }

    float[] multiply(CpuMxGemm kernel, ExactOperands operands, float[] epilogueOperand, int columns) {
        float[] out = new float[operands.activation().rows() * columns];
        runner().run(kernel, operands.activation(), operands.weight(), epilogueOperand, out);
        return out;
    }

    @Override
    public void close() {
        executor.close();
    }
}
