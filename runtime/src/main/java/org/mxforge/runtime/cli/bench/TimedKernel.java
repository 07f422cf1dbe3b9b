package org.mxforge.runtime.cli.bench;

import org.mxforge.dsl.shape.Work;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.tune.device.CudaTuningDevice;

/**
 * A kernel on operands as the tuner sets them up.
 *
 * @param operands on which it runs in turn; closed with this
 * @param work what it must do, whatever passes come before it
 */
record TimedKernel(CudaTuningDevice.OperandSets operands, ReadyKernel<Object> kernel, Work work)
        implements BenchKernel {
    @Override
    public int sets() {
        return operands.sets();
    }

    @Override
    public void launch(CudaStream stream, int set) {
        operands.launch(kernel, stream, set);
    }

    @Override
    public double bytes() {
        return work.bytes();
    }

    @Override
    public double flops() {
        return 2 * work.macs();
    }

    @Override
    public void close() {
        operands.close();
    }
}
