package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.PackedMatrix;

/** A GEMM on a GPU with operands of a test's own, set up as the tuner does. */
public final class GpuProduct implements AutoCloseable {
    private final DeviceGemm gemm;

    private GpuProduct(DeviceGemm gemm) {
        this.gemm = gemm;
    }

    public static GpuProduct mixed(
            CudaContext gpu, KernelProblem kernel, PackedMatrix a, PackedMatrix b, float[] epilogueOperand) {
        MxGemmSpec spec = (MxGemmSpec) kernel.spec();
        MxGemmProblem problem = new MxGemmProblem(spec, RepeatedRows.of(a), RepeatedRows.of(b), epilogueOperand);
        return new GpuProduct(
                DeviceGemm.mixed(gpu, new MixedGemm(spec, kernel.layout(), DevicePasses.NONE), problem, 1));
    }

    public static GpuProduct plain(
            CudaContext gpu, KernelProblem kernel, short[] a, short[] b, GemmShape shape, float[] epilogueOperand) {
        DenseGemmSpec spec = (DenseGemmSpec) kernel.spec();
        return new GpuProduct(
                DeviceGemm.plain(gpu, new DenseGemmProblem(spec, shape, a, b, epilogueOperand), kernel.layout(), 1));
    }

    /** The result, [m][n]. */
    public float[] run(ReadyKernel<Object> kernel) {
        return gemm.run(kernel);
    }

    @Override
    public void close() {
        gemm.close();
    }
}
