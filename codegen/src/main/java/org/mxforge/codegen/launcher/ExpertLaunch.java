package org.mxforge.codegen.launcher;

import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;

/** Launchers of the kernels that tell where tokens go. */
final class ExpertLaunch {
    private static final int WARP = 32;

    private ExpertLaunch() {}

    /** A warp chooses for each row, and holds one expert in each lane. */
    static LaunchPlan choice(CudaSource kernel) {
        int rows = kernel.threads() / WARP;
        LaunchCode code = sizes().check(
                        "atMost($S, arguments.perToken(), Math.min(arguments.experts(), $L))",
                        "perToken",
                        ExpertChoiceSpec.MOST_PER_TOKEN)
                .address("scores")
                .address("chosen")
                .address("shares");
        return new LaunchPlan(
                RuntimeTypes.launch("ExpertChoiceArguments"),
                code,
                "1 + (arguments.rows() - 1) / " + rows,
                "1",
                Integer.toString(kernel.sharedBytes()),
                "one block for " + rows + " rows");
    }

    static LaunchPlan order(CudaSource kernel) {
        LaunchCode code = sizes().size("tiles")
                .check("atMost($S, arguments.experts(), $L)", "experts", ExpertOrderSpec.MOST_EXPERTS)
                .check("atMost($S, arguments.perToken(), arguments.experts())", "perToken")
                .check("tiles(arguments.tiles(), arguments.rows(), arguments.perToken(), arguments.experts())")
                .address("chosen")
                .address("routes")
                .address("tokens")
                .address("places");
        return new LaunchPlan(
                RuntimeTypes.launch("ExpertOrderArguments"),
                code,
                "arguments.experts()",
                "1",
                Integer.toString(kernel.sharedBytes()),
                "one block for each expert");
    }

    private static LaunchCode sizes() {
        return new LaunchCode().size("rows").size("experts").size("perToken");
    }
}
