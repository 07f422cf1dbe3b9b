package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.kernel.OperandPasses;

/**
 * Launches the passes before products, on memory that is theirs for as long as the product needs it: those over weights alone ahead of what
 * was asked for before the product.
 *
 * @param factors for rows that need none
 * @param turn of what it writes ahead
 */
record PassRunner(Gpu gpu, ScaleFactors factors, int turn) {
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
        boolean ahead =
                !passes.isEmpty() && passes.stream().allMatch(pass -> pass.side() == Side.WEIGHT) && gpu.worksAhead();
        List<Scratch> scratches = new ArrayList<>();
        try {
            OperandPasses.Memory memory =
                    memory(scratches, ahead ? (purpose, bytes) -> gpu.scratch(turn, purpose, bytes) : gpu::scratch);
            OperandPasses planned = OperandPasses.of(passes, m, n, experts, given, memory);
            Runnable launches =
                    () -> planned.launches().forEach(launch -> gpu.launch(launch.spec(), launch.arguments()));
            if (ahead) {
                gpu.ahead(turn, launches);
            } else {
                launches.run();
            }
            product.accept(planned.operands());
            if (ahead) {
                gpu.read(turn);
            }
        } finally {
            // Whoever takes them next works behind this product.
            scratches.forEach(Scratch::close);
        }
    }

    private OperandPasses.Memory memory(List<Scratch> scratches, BiFunction<String, Long, Scratch> taking) {
        return new OperandPasses.Memory() {
            @Override
            public long allocate(String purpose, long bytes) {
                Scratch taken = taking.apply(purpose, bytes);
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
