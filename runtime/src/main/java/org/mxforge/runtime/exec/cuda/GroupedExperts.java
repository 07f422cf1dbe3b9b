package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;

/**
 * Experts that run together, one grouped GEMM for gate and up and one for down, without a word to the host.
 *
 * @param experts how many there are
 * @param perToken how many of them a token is sent to
 * @param expand gate and up
 */
record GroupedExperts(Gpu gpu, int experts, int perToken, GroupedLinear expand, GroupedLinear down) implements Experts {
    /** Experts with these layers, whose kernels begin to be compiled. */
    static GroupedExperts of(Gpu gpu, int experts, int perToken, GroupedLinear expand, GroupedLinear down) {
        gpu.expect(new ExpertChoiceSpec());
        gpu.expect(new ExpertOrderSpec(ExpertTiles.MANY));
        gpu.expect(new ExpertOrderSpec(ExpertTiles.FEW));
        gpu.expect(new RowGatherSpec(ScalarType.BF16));
        gpu.expect(new ExpertSumSpec(ScalarType.FP32));
        return new GroupedExperts(gpu, experts, perToken, expand, down);
    }

    /** Whether the kernels that tell where tokens go can do so for so many experts. */
    static boolean canRoute(int experts, int perToken) {
        return experts <= ExpertOrderSpec.MOST_EXPERTS && perToken <= ExpertChoiceSpec.MOST_PER_TOKEN;
    }

    @Override
    public void accumulate(Matrix x, Matrix scores, Matrix residual) {
        CudaMatrix from = CudaMatrix.activations(x, expand.channels());
        CudaMatrix of = CudaMatrix.of(scores, ScalarType.FP32, from.rows(), experts);
        CudaMatrix to = CudaMatrix.of(residual, ScalarType.FP32, from.rows(), from.columns());
        try (ExpertRoutes routes = ExpertRoutes.of(gpu, of, perToken);
                CudaMatrix rows = activations(routes, from.columns())) {
            gpu.launch(
                    new RowGatherSpec(rows.type()),
                    new RowGatherArguments(
                            rows.rows(), rows.columns(), routes.tokens().address(), from.address(), rows.address()));
            run(routes, rows);
            gpu.launch(
                    new ExpertSumSpec(to.type()),
                    new ExpertSumArguments(
                            to.rows(),
                            to.columns(),
                            perToken,
                            routes.permutation().address(),
                            routes.shares().address(),
                            rows.address(),
                            to.address()));
        }
    }

    @Override
    public boolean isRecordable() {
        return true;
    }

    /** {@code rows = down(silu(gate(rows)) * up(rows))}. Rows without a token hold numbers without meaning on the way. */
    private void run(ExpertRoutes routes, CudaMatrix rows) {
        try (CudaMatrix gateAndUp = activations(routes, expand.outputs())) {
            try (MxInput input = expand.quantize(new LinearInput.Step.None(), rows)) {
                expand.multiply(input, routes, gateAndUp);
            }
            try (MxInput input = down.quantize(new LinearInput.Step.SiluMul(), gateAndUp)) {
                down.multiply(input, routes, rows);
            }
        }
    }

    private CudaMatrix activations(ExpertRoutes routes, int columns) {
        return CudaMatrix.allocate(gpu, ScalarType.BF16, routes.paddedRows(), columns);
    }
}
