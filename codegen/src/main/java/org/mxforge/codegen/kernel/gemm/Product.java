package org.mxforge.codegen.kernel.gemm;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;

/**
 * A mixed product as algorithms see it: with one set of weights, or with those of all experts.
 *
 * @param gemm what is computed with one set of weights
 * @param tiles which tiles of rows have one set of weights, where there are several
 */
record Product<S extends KernelSpec>(
        Class<S> specs, Function<S, MxGemmSpec> gemm, Optional<Function<S, ExpertTiles>> tiles) {
    static final Product<MxGemmSpec> PLAIN = new Product<>(MxGemmSpec.class, Function.identity(), Optional.empty());

    static final Product<MxGroupedGemmSpec> GROUPED =
            new Product<>(MxGroupedGemmSpec.class, MxGroupedGemmSpec::expert, Optional.of(MxGroupedGemmSpec::tile));

    /** Whether there are several sets of weights. */
    boolean grouped() {
        return tiles.isPresent();
    }

    /** Rows of a tile that has one set of weights, where there are several. */
    int tileRows(S spec) {
        return tiles.orElseThrow().apply(spec).rows();
    }

    MxGemmSpec of(S spec) {
        return gemm.apply(spec);
    }

    /**
     * The configuration that probably suits {@code shape}. For one set of weights it is the default. For experts it is the first with
     * the lowest tile that holds twice the mean of their tokens: a second tile for an expert, which decodes its weights once more, is
     * then rare, and few rows are multiplied that hold no token. It is a rule about how tall a tile is, not a model.
     *
     * @param height rows of a configuration's tile
     */
    Configuration usual(ConfigSpace space, KernelShape shape, ToIntFunction<Configuration> height) {
        return grouped() ? lowest(space, shape, height) : space.defaultConfiguration();
    }

    /** The first configuration with the lowest tile that holds the tokens of {@code shape}, of experts twice their mean. */
    Configuration lowest(ConfigSpace space, KernelShape shape, ToIntFunction<Configuration> height) {
        long rows = (grouped() ? 2L : 1L) * shape.m();
        Configuration best = space.defaultConfiguration();
        for (Configuration configuration : space.legal()) {
            int tall = height.applyAsInt(configuration);
            // The first of equal height is the default for it.
            if (tall < height.applyAsInt(best) && tall >= rows) {
                best = configuration;
            }
        }
        return best;
    }

    /** The arguments that say how large it is. */
    SignatureBuilder sizes(S spec) {
        if (!grouped()) {
            return SignatureBuilder.of(MxGemmArguments.class)
                    .size("m", "rows of A and D")
                    .size("n", "rows of B, columns of D");
        }
        return SignatureBuilder.of(MxGroupedGemmArguments.class)
                .size("m", tileRows(spec), "rows of A and D, in whole tiles of the experts")
                .size("n", "rows of one expert's B, columns of D")
                .address(
                        "routes",
                        "const int2*",
                        "experts of the tiles",
                        "INT32 [m / " + tileRows(spec) + "][2]: expert, rows with tokens");
    }
}
