package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.runtime.kernel.OperandPasses;

/**
 * Launches the passes before products, on memory that is theirs for as long as the product needs it.
 *
 * @param factors for rows that need none
 */
record PassRunner(Gpu gpu, ScaleFactors factors) {
    /**
     * Launches {@code passes} and then {@code product} on what they made.
     *
     * @param m rows of the activations
     * @param n rows of the weights of one expert
     * @param experts matrices of weights, 1 for a single product
     * @param given the operands as they lie
     */
    void run(
            List<Pass> passes,
            int m,
            int n,
            int experts,
            List<MxGemmOperands> given,
            Consumer<List<MxGemmOperands>> product) {
        List<Scratch> scratches = new ArrayList<>();
        try {
            OperandPasses planned = OperandPasses.of(passes, m, n, experts, given, memory(scratches));
            planned.launches().forEach(launch -> gpu.launch(launch.spec(), launch.arguments()));
            product.accept(planned.operands());
        } finally {
            // Whoever takes them next works behind this product on the same stream.
            scratches.forEach(Scratch::close);
        }
    }

    private OperandPasses.Memory memory(List<Scratch> scratches) {
        return new OperandPasses.Memory() {
            @Override
            public long allocate(String purpose, long bytes) {
                Scratch taken = gpu.scratch(purpose, bytes);
                scratches.add(taken);
                return taken.address();
            }

            @Override
            public long ones(int rows) {
                return factors.ones(rows);
            }
        };
    }
}
