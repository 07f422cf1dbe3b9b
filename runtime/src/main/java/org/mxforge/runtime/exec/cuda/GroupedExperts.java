package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertRouteSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.TokenRouteSpec;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;

/**
 * Experts that run together, one grouped GEMM for gate and up and one for down, without a word to the host.
 *
 * @param experts how many there are
 * @param perToken how many of them a token is sent to
 * @param expand gate and up, multiplied
 */
record GroupedExperts(Gpu gpu, int experts, int perToken, GroupedLinear expand, GroupedLinear down) implements Experts {
    /** Experts with these layers, whose kernels begin to be compiled. */
    static GroupedExperts of(Gpu gpu, int experts, int perToken, GroupedLinear expand, GroupedLinear down) {
        gpu.expect(new ExpertChoiceSpec());
        gpu.expect(new ExpertOrderSpec());
        gpu.expect(new ExpertRouteSpec());
        gpu.expect(new TokenRouteSpec());
        gpu.expect(new ExpertSumSpec(ScalarType.FP32));
        expand.quantizer().expect(Prologue.RMSNORM, ScalarType.FP32, MxQuantizeSpec.Rows.GATHERED);
        down.quantizer().expect(Prologue.NONE, ScalarType.BF16, MxQuantizeSpec.Rows.HELD);
        return new GroupedExperts(gpu, experts, perToken, expand, down);
    }

    /** Whether the kernels that tell where tokens go can do so for so many experts. */
    static boolean canRoute(int experts, int perToken) {
        return experts <= ExpertOrderSpec.MOST_EXPERTS && perToken <= ExpertChoiceSpec.MOST_PER_TOKEN;
    }

    @Override
    public void accumulate(LinearInput.Step step, Matrix x, Matrix scores, Matrix residual) {
        CudaMatrix from = CudaMatrix.of(x, CudaMatrix.of(x).type(), x.rows(), expand.channels());
        CudaMatrix of = CudaMatrix.of(scores, ScalarType.FP32, from.rows(), experts);
        CudaMatrix to = CudaMatrix.of(residual, ScalarType.FP32, from.rows(), from.columns());
        try (ExpertRoutes routes = ExpertRoutes.of(gpu, of, perToken)) {
            accumulate(step, from, routes, to);
        }
    }

    /** Of one token scores and routes are made at once. */
    @Override
    public void accumulate(Backend backend, LinearInput.Step.RmsNorm norm, Linear router, Matrix residual) {
        CudaMatrix x = CudaMatrix.of(residual, ScalarType.FP32, residual.rows(), expand.channels());
        if (x.rows() > 1) {
            Experts.super.accumulate(backend, norm, router, residual);
            return;
        }
        try (ExpertRoutes routes = ExpertRoutes.ofToken(gpu, x, norm, DenseLinear.router(router), perToken)) {
            accumulate(norm, x, routes, x);
        }
    }

    private void accumulate(LinearInput.Step step, CudaMatrix from, ExpertRoutes routes, CudaMatrix to) {
        try (MxInput inner = expand(routes, step, from);
                CudaMatrix rows = activations(routes, down.outputs())) {
            down.multiply(inner, routes, rows);
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

    /** {@code silu(gate(step(x))) * up(step(x))} of each row as down reads it; those without a token mean nothing. */
    private MxInput expand(ExpertRoutes routes, LinearInput.Step step, CudaMatrix x) {
        try (CudaMatrix gated = activations(routes, expand.outputs())) {
            try (MxInput input = expand.quantize(step, x, MxQuantizeSpec.Rows.GATHERED, routes)) {
                expand.multiply(input, routes, gated);
            }
            return down.quantize(new LinearInput.Step.None(), gated, MxQuantizeSpec.Rows.HELD, routes);
        }
    }

    private CudaMatrix activations(ExpertRoutes routes, int columns) {
        return CudaMatrix.allocate(gpu, ScalarType.BF16, routes.paddedRows(), columns);
    }
}
