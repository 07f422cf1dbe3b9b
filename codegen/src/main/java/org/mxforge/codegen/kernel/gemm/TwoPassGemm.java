package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;

/**
 * A product on wgmma after passes that bring its operands into the form that it reads: worth while where many tokens share what is
 * decoded once.
 *
 * @param product of one set of weights or of many
 * @param operands how operands lie before: {@link OperandLayout#FRAGMENTS} or {@link OperandLayout#MIXED_FRAGMENTS}, whose weights are
 *     unpacked, or {@link OperandLayout#TILED}, where both sides are expanded to BF16
 * @param kernel what runs after the passes
 */
record TwoPassGemm<S extends KernelSpec>(String name, Product<S> product, OperandLayout operands, Algorithm<S> kernel)
        implements Algorithm<S> {
    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        Optional<String> refusal = kernel.refusal(spec, target);
        if (refusal.isPresent() || !passes(spec).isEmpty()) {
            return refusal;
        }
        return Optional.of("no weights of '" + spec.text() + "' are kept as fragments to unpack");
    }

    @Override
    public OperandLayout layout(Side side) {
        return FoldedOperands.layout(side, operands);
    }

    @Override
    public List<Pass> passes(S spec) {
        List<FormatPair> pairs = product.of(spec).pairs();
        List<Pass> passes = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            FormatPair pair = pairs.get(i);
            if (operands == OperandLayout.TILED) {
                passes.add(new Pass(Side.ACTIVATION, i, new MxExpandSpec(pair.activation())));
                passes.add(new Pass(Side.WEIGHT, i, new MxExpandSpec(pair.weight())));
            } else if (operands.keepsFragments(pair.weight())) {
                passes.add(new Pass(Side.WEIGHT, i, new MxUnpackSpec(pair.weight())));
            }
        }
        return passes;
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        return kernel.space(spec, target);
    }

    @Override
    public Configuration usual(S spec, Target target, KernelShape shape) {
        return kernel.usual(spec, target, shape);
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        return kernel.constraints(spec, target);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return kernel.tiling(configuration);
    }

    @Override
    public boolean permits(S spec, Configuration configuration, KernelShape shape) {
        return kernel.permits(spec, configuration, shape);
    }
}
