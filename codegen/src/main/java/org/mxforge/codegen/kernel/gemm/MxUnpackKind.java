package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;

/** The unpacking of weights from fragments to FP8 containers, or to BF16. */
public final class MxUnpackKind implements KernelKind<MxUnpackSpec> {
    private static final Algorithm<MxUnpackSpec> PASS = new RepackAlgorithm<>(MxUnpackSpec.class, MxUnpackKind::plan);

    private static final int WARP = 32;

    @Override
    public String stem() {
        return MxUnpackSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.GEMM;
    }

    @Override
    public Class<MxUnpackSpec> specs() {
        return MxUnpackSpec.class;
    }

    @Override
    public Class<MxUnpackArguments> arguments() {
        return MxUnpackArguments.class;
    }

    @Override
    public MxUnpackSpec read(SpecText fields) {
        return MxUnpackSpec.read(fields);
    }

    @Override
    public List<Algorithm<MxUnpackSpec>> algorithms() {
        return List.of(PASS);
    }

    @Override
    public List<KernelVariant> catalogue() {
        return Stream.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3)
                .map(format -> KernelVariant.of(new MxUnpackSpec(format), PASS, Target.SM_90A))
                .toList();
    }

    private static KernelPlan plan(MxUnpackSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        FragmentTile tile = new FragmentTile(spec.format());
        MxUnpack model = new MxUnpack(
                variant.identifier(),
                threads,
                HopperMxGemm.fragments(spec.format()),
                spec.format().text(),
                tile.blockBytes(),
                tile.channels(),
                tile.channels() - 1);
        Expression tiles = variable("rows").pieces(Expression.constant(ContainerTile.ROWS));
        Expression blocks = variable("channels").pieces(Expression.constant(tile.channels()));
        SignatureBuilder signature = SignatureBuilder.of(MxUnpackArguments.class)
                .size("rows", "rows, without those of padding")
                .size("channels", GroupLayout.GROUP, "channels")
                .address("fragments", "const unsigned char*", "the weights", "fragments")
                .address("tiles", "unsigned char*", "the result", tile.lanes() > 1 ? "mixed" : "containers")
                .grid(tiles.times(ContainerTile.ROWS / FragmentTile.BLOCK_ROWS)
                        .times(blocks)
                        .pieces(Expression.constant(threads / WARP)));
        return new KernelPlan(
                "hopper/mxunpack",
                model,
                signature.build(threads, "one warp for each block of 16 rows by " + tile.channels() + " channels"),
                0);
    }

    /** The kernel; {@code last} is the last channel of a block. */
    record MxUnpack(
            String name, int threads, OutputModel decoder, String format, int blockBytes, int channels, int last)
            implements OutputModel {}
}
