package org.mxforge.codegen.kernel.gemm;

import java.util.function.Function;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;

/**
 * A mixed product as algorithms see it: with one set of weights, or with those of all experts.
 *
 * @param gemm what is computed with one set of weights
 * @param grouped whether there are several
 */
record Product<S extends KernelSpec>(Class<S> specs, Function<S, MxGemmSpec> gemm, boolean grouped) {
    static final Product<MxGemmSpec> PLAIN = new Product<>(MxGemmSpec.class, Function.identity(), false);

    static final Product<MxGroupedGemmSpec> GROUPED =
            new Product<>(MxGroupedGemmSpec.class, MxGroupedGemmSpec::expert, true);

    MxGemmSpec of(S spec) {
        return gemm.apply(spec);
    }

    /** The arguments that say how large it is. */
    SignatureBuilder sizes() {
        if (!grouped) {
            return SignatureBuilder.of(MxGemmArguments.class)
                    .size("m", "rows of A and D")
                    .size("n", "rows of B, columns of D");
        }
        return SignatureBuilder.of(MxGroupedGemmArguments.class)
                .size("m", ExpertTiles.ROWS, "rows of A and D, in whole tiles of the experts")
                .size("n", "rows of one expert's B, columns of D")
                .address(
                        "routes",
                        "const int2*",
                        "experts of the tiles",
                        "INT32 [m / 128][2]: expert, rows with tokens");
    }
}
