package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.runtime.exec.spi.TokenChoice;

/** Chooses a token from one row of logits. */
record TokenChooser(Gpu gpu) {
    int choose(CudaMatrix logits, int row, TokenChoice choice) {
        int columns = logits.columns();
        float[] uniform = {choice.uniform()};
        try (Scratch scores = gpu.scratch("one row of logits", logits.rowBytes());
                Scratch number = gpu.scratch("a random number", uniform);
                Scratch token = gpu.scratch("a token", Integer.BYTES)) {
            // A row of the matrix need not be aligned as kernels want their operands.
            scores.buffer().copy(gpu.stream(), 0, logits.memory().buffer(), row * logits.rowBytes(), logits.rowBytes());
            gpu.launch(
                    new SoftmaxSpec(),
                    new SoftmaxArguments(1, columns, choice.temperature(), scores.address(), scores.address()));
            gpu.launch(
                    new SamplingSpec(),
                    new SamplingArguments(
                            1, columns, choice.topP(), number.address(), scores.address(), token.address()));
            int[] chosen = new int[1];
            token.buffer().download(chosen);
            return chosen[0];
        }
    }
}
