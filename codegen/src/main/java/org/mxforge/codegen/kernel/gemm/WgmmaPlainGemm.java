package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;
import org.mxforge.dsl.tile.WgmmaTiling;

/** The GEMM on plain operands in tiles on wgmma: by blocks that stay or, where sums are FP32, by clusters that share channels. */
record WgmmaPlainGemm<S extends KernelSpec>(PlainProduct<S> product) implements CudaAlgorithm<S> {
    @Override
    public String name() {
        return "wgmma";
    }

    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        return target == Target.SM_90A
                ? HopperMxGemm.refusal(
                        product.epilogue().apply(spec), product.output().apply(spec))
                : Optional.of("wgmma is for sm_90a");
    }

    @Override
    public OperandLayout layout(Side side) {
        return product.integers() ? OperandLayout.PLAIN : OperandLayout.BF16;
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        return ConfigSpace.of(
                        product.integers() ? Parameter.of("bm", 256, 128, 64) : Parameter.of("bm", 256, 128),
                        Parameter.of("bn", 128),
                        Parameter.of("promote", 0),
                        product.integers() ? Parameter.of("split", 1) : Parameter.of("split", 1, 2, 4))
                .restricted(constraints(spec, target).toArray(Restriction[]::new));
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        return new WgmmaConstraints(
                        false, product.integers() ? WgmmaConstraints.Sums.INTEGERS : WgmmaConstraints.Sums.WIDE)
                .all();
    }

    @Override
    public boolean suits(S spec, Target target, KernelShape shape) {
        return product.suits().test(shape);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return WgmmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        HopperTile tile = HopperTile.of(WgmmaTiling.of(variant.configuration()), ContainerTile.BYTES, false);
        SignatureBuilder signature = product.tiles().apply(spec);
        tile.launch(signature);
        return new KernelPlan(
                "hopper/plaingemm",
                model(spec, variant.identifier(), tile),
                signature.build(WgmmaTiling.THREADS, tile.work()),
                tile.sharedBytes());
    }

    private HopperPlainGemm model(S spec, String name, HopperTile tile) {
        Parts parts = product.integers() ? Parts.integers(tile) : Parts.wide(tile);
        GemmEpilogue epilogue = GemmEpilogue.of(product.epilogue().apply(spec));
        GemmRouting routing = new GemmRouting.PlainRouting();
        ScalarType output = product.output().apply(spec);
        return new HopperPlainGemm(
                name,
                product.integers(),
                tile,
                parts.waiting(),
                parts.product(),
                parts.loop(),
                routing,
                routing.registers(),
                tile.split() ? new HopperMxGemm.SplitTile(tile.parts()) : new HopperMxGemm.WholeTile(),
                GemmOutput.of(output),
                epilogue,
                HopperMxGemm.store(product.epilogue().apply(spec), output, true),
                epilogue.operands(),
                !epilogue.matrix().isEmpty());
    }

    /**
     * What is particular to the operands' type.
     *
     * @param waiting how the products are waited for
     * @param product an instruction
     * @param loop over the channels
     */
    private record Parts(OutputModel waiting, OutputModel product, OutputModel loop) {
        static Parts wide(HopperTile tile) {
            HopperMxGemm.Operation operation = HopperMxGemm.Operation.wide(false);
            return new Parts(
                    HopperMxGemm.WgmmaWait.of(tile, false),
                    operation.product(tile, false),
                    new HopperMxGemm.SharedLoop("plain", operation.name()));
        }

        static Parts integers(HopperTile tile) {
            String name = "shared_int8";
            List<Integer> sums = HopperMxGemm.accumulators(tile, false);
            return new Parts(
                    new IntegerWait(sums, sums.size()),
                    new IntegerShared(name, tile.wave(), sums, HopperMxGemm.Operands.shared(sums.size())),
                    new IntegerLoop("int8", name));
        }
    }

    /** Waits for products; {@code pending} is the number of its operand. */
    record IntegerWait(List<Integer> accumulators, int pending) implements OutputModel {}

    record IntegerShared(String name, int wave, List<Integer> accumulators, HopperMxGemm.Operands operands)
            implements OutputModel {}

    record IntegerLoop(String pair, String product) implements OutputModel {}

    /**
     * The kernel.
     *
     * @param name entry point
     * @param integers whether operands are INT8
     * @param waiting how the products are waited for
     * @param routing which tiles of D there are
     * @param registers how a block's registers are shared out
     * @param share which channels of a tile a block has
     * @param operands the epilogue's parameter, if any
     * @param ahead whether that is of the output's shape
     */
    record HopperPlainGemm(
            String name,
            boolean integers,
            HopperTile tile,
            OutputModel waiting,
            OutputModel product,
            OutputModel loop,
            GemmRouting routing,
            GemmRouting.Registers registers,
            OutputModel share,
            GemmOutput output,
            GemmEpilogue epilogue,
            OutputModel store,
            List<GemmEpilogue.Operand> operands,
            boolean ahead)
            implements OutputModel {}
}
