package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;
import org.mxforge.dsl.tile.WgmmaTiling;

/** The GEMM on INT8 operands on wgmma, by blocks that stay. */
record WgmmaInt8Gemm() implements CudaAlgorithm<Int8GemmSpec> {
    @Override
    public String name() {
        return "wgmma";
    }

    @Override
    public Class<Int8GemmSpec> specs() {
        return Int8GemmSpec.class;
    }

    @Override
    public Optional<String> refusal(Int8GemmSpec spec, Target target) {
        return target == Target.SM_90A ? Optional.empty() : Optional.of("wgmma is for sm_90a");
    }

    @Override
    public ConfigSpace space(Int8GemmSpec spec, Target target) {
        return ConfigSpace.of(
                        Parameter.of("bm", 256, 128),
                        Parameter.of("bn", 128),
                        Parameter.of("promote", 0),
                        Parameter.of("split", 1))
                .restricted(constraints(spec, target).toArray(Restriction[]::new));
    }

    @Override
    public List<Restriction> constraints(Int8GemmSpec spec, Target target) {
        List<Restriction> constraints = new ArrayList<>(new WgmmaConstraints(false, true).all());
        constraints.add(new Restriction(
                "exact sums are made by one block", variable("split").equalTo(1)));
        return constraints;
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return WgmmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(Int8GemmSpec spec, KernelVariant variant) {
        HopperTile tile = HopperTile.of(WgmmaTiling.of(variant.configuration()), ContainerTile.BYTES);
        SignatureBuilder signature = Int8GemmKind.signature(spec);
        tile.launch(signature);
        return new KernelPlan(
                "hopper/int8gemm",
                model(spec, variant.identifier(), tile),
                signature.build(WgmmaTiling.THREADS, tile.work()),
                tile.sharedBytes());
    }

    private static HopperInt8Gemm model(Int8GemmSpec spec, String name, HopperTile tile) {
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        GemmRouting routing = new GemmRouting.PlainRouting();
        String product = "shared_int8";
        List<Integer> sums = HopperMxGemm.accumulators(tile);
        return new HopperInt8Gemm(
                name,
                tile,
                new IntegerWait(sums, sums.size()),
                new IntegerShared(product, tile.wave(), sums, HopperMxGemm.Operands.shared(sums.size())),
                new IntegerLoop("int8", product),
                routing,
                routing.registers(),
                new HopperMxGemm.WholeTile(),
                GemmOutput.of(spec.output()),
                epilogue,
                HopperMxGemm.store(spec.epilogue(), spec.output(), true),
                epilogue.operands());
    }

    /** Waits for products; {@code pending} is the number of its operand. */
    record IntegerWait(List<Integer> accumulators, int pending) implements OutputModel {}

    record IntegerShared(String name, int wave, List<Integer> accumulators, HopperMxGemm.Operands operands)
            implements OutputModel {}

    record IntegerLoop(String pair, String product) implements OutputModel {}

    /** The kernel; its parts are those of {@link WgmmaDenseGemm.HopperDenseGemm}. */
    record HopperInt8Gemm(
            String name,
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
            List<GemmEpilogue.Operand> operands)
            implements OutputModel {}
}
