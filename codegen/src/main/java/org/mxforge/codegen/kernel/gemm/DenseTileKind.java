package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.DenseTileSpec;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;

/** Plain rows in the tiles that wgmma multiplies. */
public final class DenseTileKind implements KernelKind<DenseTileSpec> {
    private static final Algorithm<DenseTileSpec> PASS =
            new RepackAlgorithm<>(DenseTileSpec.class, DenseTileKind::plan);

    /** BF16 values in 16 bytes. */
    private static final int VECTOR = 8;

    @Override
    public String stem() {
        return DenseTileSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.GEMM;
    }

    @Override
    public Class<DenseTileSpec> specs() {
        return DenseTileSpec.class;
    }

    @Override
    public Class<DenseTileArguments> arguments() {
        return DenseTileArguments.class;
    }

    @Override
    public DenseTileSpec read(SpecText fields) {
        return DenseTileSpec.read(fields);
    }

    @Override
    public List<Algorithm<DenseTileSpec>> algorithms() {
        return List.of(PASS);
    }

    @Override
    public List<KernelVariant> catalogue() {
        return List.of(KernelVariant.of(new DenseTileSpec(), PASS, Target.SM_90A));
    }

    private static KernelPlan plan(DenseTileSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        Expression pieces = variable("channels")
                .pieces(Expression.constant(Bf16Tile.CHANNELS))
                .times(Bf16Tile.CHANNELS / VECTOR);
        SignatureBuilder signature = SignatureBuilder.of(DenseTileArguments.class)
                .size("rows", "rows, without those of padding")
                .size("channels", VECTOR, "channels")
                .address("values", "const unsigned short*", "the rows", "BF16 [rows][channels]")
                .address("tiles", "unsigned char*", "the result", "Bf16Tile")
                .grid(variable("rows").times(pieces).pieces(Expression.constant(threads)));
        return new KernelPlan(
                "hopper/densetile",
                new DenseTile(variant.identifier(), threads),
                signature.build(threads, "one thread for each 16 bytes of the result"),
                0);
    }

    /** The kernel. */
    record DenseTile(String name, int threads) implements OutputModel {}
}
