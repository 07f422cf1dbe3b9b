package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;

/** The expansion of packed codes to BF16. */
public final class MxExpandKind implements KernelKind<MxExpandSpec> {
    private static final Algorithm<MxExpandSpec> PASS = new RepackAlgorithm<>(MxExpandSpec.class, MxExpandKind::plan);

    private static final int WARP = 32;

    /** Rows of a warp. */
    private static final int SLAB = 8;

    @Override
    public String stem() {
        return MxExpandSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.GEMM;
    }

    @Override
    public Class<MxExpandSpec> specs() {
        return MxExpandSpec.class;
    }

    @Override
    public Class<MxExpandArguments> arguments() {
        return MxExpandArguments.class;
    }

    @Override
    public MxExpandSpec read(SpecText fields) {
        return MxExpandSpec.read(fields);
    }

    @Override
    public List<Algorithm<MxExpandSpec>> algorithms() {
        return List.of(PASS);
    }

    @Override
    public List<KernelVariant> catalogue() {
        return List.of(KernelVariant.of(new MxExpandSpec(ElementFormat.E4M3), PASS, Target.SM_90A));
    }

    private static KernelPlan plan(MxExpandSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        ElementFormat format = spec.format();
        MxExpand model = new MxExpand(
                variant.identifier(),
                threads,
                DeviceFunctions.cuda().strip(),
                MxGemm.PackedCodes.of(format.bits()),
                MxGemm.ElementValues.of(format),
                format.text(),
                format.bytesPerGroup());
        Expression slabs = variable("rows").pieces(Expression.constant(SLAB));
        Expression blocks = variable("channels").pieces(Expression.constant(ContainerTile.CHANNELS));
        SignatureBuilder signature = SignatureBuilder.of(MxExpandArguments.class)
                .size("rows", "rows, without those of padding")
                .size("channels", GroupLayout.GROUP, "channels")
                .address("codes", "const unsigned char*", "packed codes", "tiled: [rows][channels]")
                .address("scales", "const unsigned char*", "their scales", "tiled: E8M0 in tiles of 128 by 4")
                .address("factors", "const float*", "factors of the rows", "FP32 [rows]")
                .address("tiles", "unsigned char*", "the result", "bf16 tiles")
                .grid(slabs.times(blocks).pieces(Expression.constant(threads / WARP)));
        return new KernelPlan(
                "hopper/mxexpand",
                model,
                signature.build(threads, "one warp for each slab of 8 rows by 128 channels"),
                0);
    }

    /** The kernel. */
    record MxExpand(
            String name,
            int threads,
            String deviceFunctions,
            MxGemm.PackedCodes codes,
            MxGemm.ElementValues values,
            String format,
            int groupBytes)
            implements OutputModel {}
}
