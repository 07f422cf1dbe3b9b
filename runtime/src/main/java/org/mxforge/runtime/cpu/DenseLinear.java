package org.mxforge.runtime.cpu;

import java.util.Optional;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.backend.InputStep;
import org.mxforge.runtime.backend.LinearInput;
import org.mxforge.runtime.quant.InputQuantization;

/** A layer with BF16 weights, [outputs][channels], referenced as they were given. */
record DenseLinear(CpuExecutor executor, short[] weight, int outputs, int channels, float[] bias) implements CpuLinear {
    DenseLinear {
        if (weight.length != (long) outputs * channels || bias != null && bias.length != outputs) {
            throw new IllegalArgumentException(
                    "a layer of " + outputs + "x" + channels + " has " + weight.length + " weights");
        }
    }

    @Override
    public Optional<InputQuantization> input() {
        return Optional.empty();
    }

    @Override
    public DenseInput prepare(InputStep step, HostMatrix x) {
        return new DenseInput(Steps.apply(executor, step, x));
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, HostMatrix extra, HostMatrix out) {
        HostMatrix x = ((DenseInput) input).matrix();
        executor.ranges(outputs, 8, (begin, end) -> {
            float[] row = new float[channels];
            for (int n = begin; n < end; n++) {
                for (int k = 0; k < channels; k++) {
                    row[k] = Bfloat16.toFloat(weight[n * channels + k]);
                }
                PlainGemm.column(x.values(), x.rows(), channels, row, n, epilogue, bias, extra, out);
            }
        });
    }
}
