package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;
import org.mxforge.dsl.tile.WgmmaTiling;

/** The GEMM on plain operands on wgmma, which lie in tiles of BF16: by blocks that stay, or by clusters that share channels. */
record WgmmaDenseGemm() implements CudaAlgorithm<DenseGemmSpec> {
    @Override
    public String name() {
        return "wgmma";
    }

    @Override
    public Class<DenseGemmSpec> specs() {
        return DenseGemmSpec.class;
    }

    @Override
    public Optional<String> refusal(DenseGemmSpec spec, Target target) {
        return target == Target.SM_90A ? Optional.empty() : Optional.of("wgmma is for sm_90a");
    }

    @Override
    public OperandLayout layout(Side side) {
        return OperandLayout.BF16;
    }

    @Override
    public ConfigSpace space(DenseGemmSpec spec, Target target) {
        return ConfigSpace.of(
                        Parameter.of("bm", 256, 128),
                        Parameter.of("bn", 128),
                        Parameter.of("promote", 0),
                        Parameter.of("split", 1, 2, 4))
                .restricted(constraints(spec, target).toArray(Restriction[]::new));
    }

    @Override
    public List<Restriction> constraints(DenseGemmSpec spec, Target target) {
        return new WgmmaConstraints(false, true).all();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return WgmmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(DenseGemmSpec spec, KernelVariant variant) {
        HopperTile tile = HopperTile.of(WgmmaTiling.of(variant.configuration()), ContainerTile.BYTES);
        SignatureBuilder signature = SignatureBuilder.of(DenseGemmArguments.class)
                .size("m", "rows of A and D")
                .size("n", "rows of B, columns of D")
                .size("k", "channels")
                .address("a", "const unsigned char*", "A", "Bf16Tile")
                .address("b", "const unsigned char*", "B", "Bf16Tile");
        GemmSignature.outputs(signature, spec.epilogue(), spec.output());
        tile.launch(signature);
        return new KernelPlan(
                "hopper/densegemm",
                model(spec, variant.identifier(), tile),
                signature.build(WgmmaTiling.THREADS, tile.work()),
                tile.sharedBytes());
    }

    private static HopperDenseGemm model(DenseGemmSpec spec, String name, HopperTile tile) {
        HopperMxGemm.Operation operation = HopperMxGemm.Operation.expanded();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        GemmRouting routing = new GemmRouting.PlainRouting();
        return new HopperDenseGemm(
                name,
                tile,
                HopperMxGemm.WgmmaWait.of(tile),
                operation.product(tile),
                new HopperMxGemm.SharedLoop("plain", operation.name()),
                routing,
                routing.registers(),
                tile.split() ? new HopperMxGemm.SplitTile(tile.parts()) : new HopperMxGemm.WholeTile(),
                GemmOutput.of(spec.output()),
                epilogue,
                HopperMxGemm.store(spec.epilogue(), spec.output(), true),
                epilogue.operands());
    }

    /**
     * The kernel.
     *
     * @param name entry point
     * @param waiting how the products are waited for
     * @param routing which tiles of D there are
     * @param registers how a block's registers are shared out
     * @param share which channels of a tile a block has
     * @param operands the epilogue's parameter, if any
     */
    record HopperDenseGemm(
            String name,
            HopperTile tile,
            HopperMxGemm.WgmmaWait waiting,
            OutputModel product,
            OutputModel loop,
            GemmRouting routing,
            GemmRouting.Registers registers,
            OutputModel share,
            GemmOutput output,
            GemmEpilogue epilogue,
            OutputModel store,
            List<GemmEpilogue.Operand> operands)
            implements OutputModel {}
}
