package org.mxforge.codegen.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.layout.WideTile;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;

/** Plans the mixed-precision GEMM on wgmma, of one set of weights or of many. */
final class HopperMxGemmEmitter {
    private static final int THREADS = 384;

    private HopperMxGemmEmitter() {}

    static KernelPlan plain(MxGemmSpec spec, KernelVariant variant) {
        return plan(spec, variant, new GemmRouting.PlainRouting());
    }

    static KernelPlan grouped(MxGroupedGemmSpec spec, KernelVariant variant) {
        return plan(spec.expert(), variant, new GemmRouting.GroupedRouting());
    }

    private static KernelPlan plan(MxGemmSpec spec, KernelVariant variant, GemmRouting routing) {
        int weightBytes = spec.pairs().stream()
                .mapToInt(pair -> weightBytes(spec, pair))
                .max()
                .orElseThrow();
        HopperTile tile = HopperTile.of(variant.configuration(), weightBytes);
        int interval = variant.configuration().get("promote") / ContainerTile.CHANNELS;
        List<FormatPair> pairs = spec.pairs().stream().distinct().toList();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        HopperMxGemm model = new HopperMxGemm(
                variant.spec().identifier(),
                tile,
                HopperMxGemm.WgmmaWait.of(tile),
                decoders(spec),
                pairs.stream()
                        .map(pair -> operation(spec, pair).product(tile))
                        .distinct()
                        .toList(),
                pairs.stream()
                        .map(pair -> HopperMxGemm.loop(pair, operation(spec, pair), interval))
                        .toList(),
                IntStream.range(0, spec.pairs().size())
                        .mapToObj(i -> partition(spec, i))
                        .toList(),
                routing,
                routing.operands(),
                routing.registers(),
                tile.split() ? new HopperMxGemm.SplitTile(tile.parts()) : new HopperMxGemm.WholeTile(),
                GemmOutput.of(spec.output()),
                epilogue,
                store(spec),
                epilogue.operands());
        return new KernelPlan("hopper/mxgemm", model, THREADS, tile.sharedBytes());
    }

    private static List<OutputModel> decoders(MxGemmSpec spec) {
        List<ElementFormat> formats = spec.pairs().stream()
                .filter(spec::keepsFragments)
                .map(FormatPair::weight)
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
        return decoders;
    }

    private static HopperMxGemm.Partition partition(MxGemmSpec spec, int index) {
        FormatPair pair = spec.pairs().get(index);
        int channels = isExpanded(spec) ? WideTile.CHANNELS : ContainerTile.CHANNELS;
        return new HopperMxGemm.Partition(index, pair.text(), weightBytes(spec, pair), channels);
    }

    private static HopperMxGemm.Operation operation(MxGemmSpec spec, FormatPair pair) {
        return isExpanded(spec)
                ? HopperMxGemm.Operation.expanded()
                : HopperMxGemm.Operation.folded(pair, spec.keepsFragments(pair));
    }

    private static boolean isExpanded(MxGemmSpec spec) {
        return spec.groups().scales() == ScaleLayout.EXPANDED;
    }

    private static int weightBytes(MxGemmSpec spec, FormatPair pair) {
        return spec.keepsFragments(pair) ? new FragmentTile(pair.weight()).tileBytes() : ContainerTile.BYTES;
    }

    /** Epilogues that look at no other matrix can be done before the sums are rearranged, in the output's width. */
    private static OutputModel store(MxGemmSpec spec) {
        boolean elementwise = spec.epilogue() == Epilogue.NONE || spec.epilogue() == Epilogue.BIAS;
        return elementwise && spec.output() != ScalarType.FP32
                ? new HopperMxGemm.NarrowStore()
                : new HopperMxGemm.WideStore();
    }
}
