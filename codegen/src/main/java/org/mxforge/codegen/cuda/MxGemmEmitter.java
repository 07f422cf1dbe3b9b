package org.mxforge.codegen.cuda;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.tile.SharedTile;

/** Plans the portable mixed-precision GEMM, of one set of weights or of many. */
final class MxGemmEmitter {
    private MxGemmEmitter() {}

    static KernelPlan plain(MxGemmSpec spec, KernelVariant variant) {
        return plan(spec, variant, List.of());
    }

    static KernelPlan grouped(MxGroupedGemmSpec spec, KernelVariant variant) {
        List<GemmEpilogue.Operand> operands =
                GemmEpilogue.of(spec.expert().epilogue()).operands();
        return plan(spec.expert(), variant, List.of(MxGemm.ExpertRouting.of(spec.expert(), operands)));
    }

    private static KernelPlan plan(MxGemmSpec spec, KernelVariant variant, List<MxGemm.ExpertRouting> routing) {
        Configuration configuration = variant.configuration();
        GemmTile tile = GemmTile.of(configuration, stageBytes(spec, configuration));
        List<ElementFormat> formats = spec.pairs().stream()
                .flatMap(pair -> Stream.of(pair.activation(), pair.weight()))
                .distinct()
                .sorted()
                .toList();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        ScaleGroups groups = ScaleGroups.of(spec.groups());
        MxGemm model = new MxGemm(
                variant.spec().identifier(),
                tile,
                DeviceFunctions.cuda(spec.groups().format()).strip(),
                groups,
                MxGemm.ScaleCopy.of(spec.groups()),
                formats.stream()
                        .map(ElementFormat::bits)
                        .distinct()
                        .sorted()
                        .map(MxGemm.PackedCodes::of)
                        .toList(),
                formats.stream().map(MxGemm.ElementValues::of).toList(),
                spec.pairs().stream()
                        .distinct()
                        .map(pair -> MxGemm.PackedProduct.of(pair, groups, configuration))
                        .toList(),
                IntStream.range(0, spec.pairs().size())
                        .mapToObj(
                                i -> new MxGemm.Partition(i, spec.pairs().get(i).text()))
                        .toList(),
                routing,
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.operands());
        return new KernelPlan("portable/mxgemm", model, tile.threads(), tile.sharedBytes());
    }

    /** The stages serve every partition, so they are as large as the largest needs. */
    private static long stageBytes(MxGemmSpec spec, Configuration configuration) {
        return spec.pairs().stream()
                .mapToLong(pair -> stageBytes(pair, configuration))
                .max()
                .orElseThrow();
    }

    private static long stageBytes(FormatPair pair, Configuration configuration) {
        return SharedTile.packedStage(pair.activation().bits(), pair.weight().bits())
                .evaluate(configuration);
    }
}
