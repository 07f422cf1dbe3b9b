package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.ScaleGroups;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * Packed operands, decoded to BF16 on their way to {@code mma.sync}: exact, on every GPU from sm_80 on.
 *
 * @param product of one set of weights or of many
 * @param operands {@link OperandLayout#TILED} or {@link OperandLayout#ROWS}
 */
record MmaGemm<S extends KernelSpec>(String name, Product<S> product, OperandLayout operands)
        implements CudaAlgorithm<S> {
    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of(name + " is for GPUs");
    }

    @Override
    public OperandLayout layout(Side side) {
        return operands;
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        // Tiles of 16 rows, where they have no more, have 64 channels as well: groups of less than 32 leave no choice.
        boolean low = product.grouped() && product.tileRows(spec) == 16;
        return MmaSpaces.space(
                Parameter.of("bk", 64, 128),
                low ? 9_000 : 10_000,
                24_000,
                MmaSpaces.MAX_ACCUMULATORS,
                constraints(spec, target));
    }

    @Override
    public Configuration usual(S spec, Target target, KernelShape shape) {
        return product.usual(space(spec, target), shape, configuration -> MmaTiling.of(configuration)
                .block()
                .m());
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        return PackedStages.constraints(product, spec, target);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return MmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        MxGemmSpec gemm = product.of(spec);
        Configuration configuration = variant.configuration();
        GemmTile tile = GemmTile.of(MmaTiling.of(configuration), PackedStages.bytes(gemm, configuration));
        SignatureBuilder signature = product.sizes(spec);
        GemmSignature.partitions(signature, gemm, operands, operands);
        GemmSignature.outputs(signature, gemm.epilogue(), gemm.output());
        GemmSignature.tiles(signature, constant(tile.bm()), constant(tile.bn())).shared(constant(tile.sharedBytes()));
        return new KernelPlan(
                "portable/mxgemm",
                model(gemm, MxGemm.ExpertRouting.of(product, spec, operands), variant, tile),
                signature.build(tile.threads(), tile.work()),
                tile.sharedBytes());
    }

    private MxGemm model(MxGemmSpec spec, List<MxGemm.ExpertRouting> routing, KernelVariant variant, GemmTile tile) {
        List<ElementFormat> formats = spec.pairs().stream()
                .flatMap(pair -> Stream.of(pair.activation(), pair.weight()))
                .distinct()
                .sorted()
                .toList();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        ScaleGroups groups = ScaleGroups.of(spec.groups());
        return new MxGemm(
                variant.identifier(),
                tile,
                DeviceFunctions.cuda(spec.groups().format()).strip(),
                groups,
                MxGemm.ScaleCopy.of(operands, groups.mx()),
                formats.stream()
                        .map(ElementFormat::bits)
                        .distinct()
                        .sorted()
                        .map(MxGemm.PackedCodes::of)
                        .toList(),
                formats.stream().map(MxGemm.ElementValues::of).toList(),
                spec.pairs().stream()
                        .distinct()
                        .map(pair -> MxGemm.PackedProduct.of(pair, groups, variant.configuration()))
                        .toList(),
                MxGemm.Partition.of(spec),
                routing,
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.tileStore(),
                epilogue.operands());
    }
}
