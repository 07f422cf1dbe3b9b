package org.mxforge.runtime.exec.cuda;

import java.util.List;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;

/**
 * Launches nothing, as if everything were launched: for a plan of memory. Which algorithm will be chosen is not asked, since that may be
 * searched for: products run with the passes that some algorithm has, wherever they may pay.
 */
record DryRunLauncher(Target target, VariantChooser chooser) implements Launches {
    /** Tokens up to which no pass over the weights pays. */
    private static final int FEW_TOKENS = 64;

    @Override
    public void expect(KernelSpec spec) {
        // Nothing is compiled.
    }

    @Override
    public void expect(KernelProblem problem) {
        // Nothing is compiled.
    }

    @Override
    public <A> void launch(KernelSpec spec, A arguments) {
        // Memory is all that counts.
    }

    @Override
    public <S extends KernelSpec, A> void launch(S spec, Algorithm<S> algorithm, A arguments) {
        // As above.
    }

    @Override
    public <A> ShapedKernel<A> choose(KernelProblem problem, KernelShape shape) {
        if (shape.m() <= FEW_TOKENS) {
            return new ShapedKernel<>(List.of(), arguments -> {});
        }
        return problem.algorithmsWithPasses(target).stream()
                .findFirst()
                .map(algorithm -> new ShapedKernel<A>(algorithm.passes(problem.spec()), arguments -> {}))
                .orElseGet(() -> new ShapedKernel<>(List.of(), arguments -> {}));
    }

    @Override
    public OperandLayout layout(MxGemmSpec spec, KernelProblem.Scope scope, int n, List<Integer> k) {
        return chooser.layout(spec, target, scope, n, k);
    }

    @Override
    public void at(String place) {
        // Nothing is timed.
    }
}
