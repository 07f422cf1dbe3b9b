package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
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
import org.mxforge.dsl.tile.Tiling;
import org.mxforge.dsl.tile.WgmmaTiling;

/**
 * Tiles of 64 tokens and more on wgmma, by blocks that stay: in FP8 with folded scales, in BF16, or some channels in each.
 *
 * @param product of one set of weights or of many
 * @param weights how weights lie: {@link OperandLayout#CONTAINERS}, {@link OperandLayout#FRAGMENTS},
 *     {@link OperandLayout#MIXED}, {@link OperandLayout#MIXED_FRAGMENTS} or {@link OperandLayout#BF16}
 */
record WgmmaGemm<S extends KernelSpec>(Product<S> product, OperandLayout weights) implements CudaAlgorithm<S> {
    /**
     * Sums that FP8 tensor cores keep for themselves have 14 significant bits: their error, relative to the root mean square of the
     * results, is 5e-4 at 1024 channels and grows with their number's root (measured on an H200 with operands of both signs), so
     * that up to so many it stays below 1e-3 and thus below the rounding to BF16.
     */
    private static final int MOST_NARROW_CHANNELS = 2048;

    /** Tokens of the lowest tile. */
    private static final int FEWEST_ROWS = 64;

    @Override
    public String name() {
        return "wgmma_" + weights.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        if (product.grouped() && product.tileRows(spec) < FEWEST_ROWS) {
            return Optional.of(
                    "tiles of experts on wgmma have " + FEWEST_ROWS + " rows and more, not " + product.tileRows(spec));
        }
        return FoldedOperands.refusal(product.of(spec), weights, target)
                .or(() -> HopperMxGemm.refusal(
                        product.of(spec).epilogue(), product.of(spec).output()));
    }

    @Override
    public OperandLayout layout(Side side) {
        return FoldedOperands.layout(side, weights);
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        List<Restriction> restrictions = new ArrayList<>(constraints(spec, target));
        if (product.grouped()) {
            boolean mixed = !isWide(product.of(spec))
                    && product.of(spec).pairs().stream().map(FormatPair::weight).anyMatch(weights::widens);
            restrictions.add(
                    mixed
                            ? new Restriction(
                                    "products in FP8 and in BF16 do not fit beside the sums of 256 tokens",
                                    variable("bm").atMost(128))
                            : new Restriction(
                                    "two blocks do not fit beside the sums of 256 tokens, whole waves and half ones",
                                    variable("bm").times(variable("promote")).atMost(256 * 128)));
        }
        return ConfigSpace.of(
                        product.grouped() ? Parameter.of("bm", 256, 128, 64) : Parameter.of("bm", 256, 128),
                        Parameter.of("bn", 128),
                        promotions(product.of(spec)),
                        product.grouped() ? Parameter.of("split", 1) : Parameter.of("split", 1, 2, 4))
                .restricted(restrictions.toArray(Restriction[]::new));
    }

    /** Not for what another algorithm streams; operands in BF16 are for this one alone. */
    @Override
    public boolean suits(S spec, Target target, KernelShape shape) {
        return weights == OperandLayout.BF16 || !StreamGemm.isFew(shape);
    }

    @Override
    public Configuration usual(S spec, Target target, KernelShape shape) {
        return product.usual(space(spec, target), shape, configuration -> WgmmaTiling.of(configuration)
                .tokens());
    }

    private Parameter promotions(MxGemmSpec spec) {
        if (isWide(spec)) {
            // Sums of BF16 products are FP32 as they are.
            return Parameter.of("promote", 0);
        }
        if (!decodes(spec)) {
            return product.grouped() ? Parameter.of("promote", 128, 256, 0) : Parameter.of("promote", 256, 128, 0);
        }
        // What is decoded of 256 channels fits into registers beside the sums if it is E2M1 alone, with few to spare.
        boolean onlyE2m1 = spec.pairs().size() == 1 && spec.pairs().get(0).weight() == ElementFormat.E2M1;
        return onlyE2m1 ? Parameter.of("promote", 128, 256, 0) : Parameter.of("promote", 128, 0);
    }

    private boolean decodes(MxGemmSpec spec) {
        return spec.pairs().stream().map(FormatPair::weight).anyMatch(weights::keepsFragments);
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        return new WgmmaConstraints(
                        product.grouped(),
                        isWide(product.of(spec)) ? WgmmaConstraints.Sums.WIDE : WgmmaConstraints.Sums.NARROW)
                .all();
    }

    /** Whether all channels are multiplied in BF16. */
    private boolean isWide(MxGemmSpec spec) {
        return spec.pairs().stream().map(FormatPair::weight).allMatch(weights::widens);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return WgmmaTiling.of(configuration);
    }

    @Override
    public boolean permits(S spec, Configuration configuration, KernelShape shape) {
        return isWide(product.of(spec))
                || WgmmaTiling.of(configuration).promotion() > 0
                || shape.channels() <= MOST_NARROW_CHANNELS;
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        MxGemmSpec gemm = product.of(spec);
        WgmmaTiling tiling = WgmmaTiling.of(variant.configuration());
        int weightBytes =
                gemm.pairs().stream().mapToInt(this::weightBytes).max().orElseThrow();
        HopperTile tile = HopperTile.of(tiling, weightBytes, product.grouped());
        SignatureBuilder signature = product.sizes(spec);
        GemmSignature.partitions(signature, gemm, layout(Side.ACTIVATION), layout(Side.WEIGHT));
        GemmSignature.outputs(signature, gemm.epilogue(), gemm.output());
        tile.launch(signature);
        return new KernelPlan(
                "hopper/mxgemm",
                model(gemm, variant.identifier(), tile, tiling.promotion() / ContainerTile.CHANNELS),
                signature.build(WgmmaTiling.THREADS, tile.work()),
                tile.sharedBytes());
    }

    private HopperMxGemm model(MxGemmSpec spec, String name, HopperTile tile, int interval) {
        GemmRouting routing = GemmRouting.of(product, tile.bm());
        List<FormatPair> pairs = spec.pairs().stream().distinct().toList();
        List<OutputModel> loops = pairs.stream()
                .map(pair -> HopperMxGemm.loop(pair, operation(pair), interval, tile))
                .toList();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        return new HopperMxGemm(
                name,
                tile,
                tile.halves().stream()
                        .map(half -> HopperMxGemm.WgmmaWait.of(tile, half))
                        .toList(),
                decoders(spec, loops),
                pairs.stream()
                        .flatMap(pair -> tile.halves().stream()
                                .map(half -> operation(pair).product(tile, half)))
                        .distinct()
                        .toList(),
                loops,
                IntStream.range(0, spec.pairs().size())
                        .mapToObj(i -> partition(spec, i, tile))
                        .toList(),
                routing,
                routing.operands(),
                routing.registers(),
                tile.split() ? new HopperMxGemm.SplitTile(tile.parts()) : new HopperMxGemm.WholeTile(),
                GemmOutput.of(spec.output()),
                epilogue,
                HopperMxGemm.store(spec.epilogue(), spec.output(), false),
                epilogue.operands(),
                !epilogue.matrix().isEmpty());
    }

    private List<OutputModel> decoders(MxGemmSpec spec, List<OutputModel> loops) {
        List<ElementFormat> formats = spec.pairs().stream()
                .map(FormatPair::weight)
                .filter(weights::keepsFragments)
                .distinct()
                .sorted()
                .toList();
        List<OutputModel> decoders = new ArrayList<>();
        if (!formats.isEmpty()) {
            decoders.add(new HopperMxGemm.KeepFragments());
        }
        for (ElementFormat format : formats) {
            decoders.add(HopperMxGemm.fragments(format));
        }
        if (loops.stream()
                .anyMatch(loop -> loop instanceof HopperMxGemm.WavesRegisterLoop
                        || loop instanceof HopperMxGemm.WavesSharedLoop)) {
            decoders.add(new HopperMxGemm.SumsOfWave());
        }
        return decoders;
    }

    private HopperMxGemm.Partition partition(MxGemmSpec spec, int index, HopperTile tile) {
        FormatPair pair = spec.pairs().get(index);
        int channels = weights.widens(pair.weight()) ? Bf16Tile.CHANNELS : ContainerTile.CHANNELS;
        return new HopperMxGemm.Partition(
                index, pair.text(), weightBytes(pair), channels, tile.ragged() && !weights.widens(pair.weight()));
    }

    private HopperMxGemm.Operation operation(FormatPair pair) {
        boolean registers = weights.keepsFragments(pair.weight());
        return weights.widens(pair.weight())
                ? HopperMxGemm.Operation.wide(registers)
                : HopperMxGemm.Operation.folded(pair, registers);
    }

    private int weightBytes(FormatPair pair) {
        return weights.keepsFragments(pair.weight())
                ? new FragmentTile(pair.weight()).tileBytes()
                : ContainerTile.BYTES;
    }
}
