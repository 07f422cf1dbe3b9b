package org.mxforge.codegen.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;

/** Plans the quantizer that folds scales into FP8 containers. */
final class HopperMxQuantizeEmitter implements KernelEmitter<MxQuantizeSpec> {
    @Override
    public KernelPlan plan(MxQuantizeSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        RowPairRoom room = RowPairRoom.of(spec, threads);
        // BF16 that no prologue changes is staged as it is.
        boolean computed = spec.prologue() != Prologue.NONE || spec.source() != ScalarType.BF16;
        boolean clips = spec.rule() != ScaleRule.CEIL;
        List<ElementFormat> formats = spec.formats();
        List<FoldedElement.Quick> quick =
                formats.stream().map(FoldedElement.Quick::of).toList();
        HopperMxQuantize model = new HopperMxQuantize(
                spec.identifier(),
                room,
                threads,
                spec.source().text(),
                computed ? "odd" : "raw",
                spec.prologue().text(),
                spec.rule().text(),
                DeviceFunctions.cuda().strip(),
                quick.stream().distinct().map(way -> way(way, clips)).toList(),
                formats.stream()
                        .map(format -> FoldedElement.of(format, spec.groups().relaxed(), computed))
                        .toList(),
                IntStream.range(0, formats.size()).boxed().toList(),
                quick.stream().distinct().map(way -> cases(way, quick)).toList());
        return new KernelPlan("hopper/mxquantize", model, threads, room.bytes());
    }

    private static OutputModel way(FoldedElement.Quick way, boolean clips) {
        return switch (way) {
            case SUMS -> new SumWay(clips);
            case E4M3 -> new ConvertWay(way.struct(), "e4m3", false, clips);
            case E5M2 -> new ConvertWay(way.struct(), "e5m2", true, clips);
        };
    }

    private static Case cases(FoldedElement.Quick way, List<FoldedElement.Quick> quick) {
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < quick.size(); i++) {
            if (quick.get(i) == way) {
                partitions.add(i);
            }
        }
        return new Case(way.struct(), partitions);
    }

    /**
     * The kernel.
     *
     * @param source input type, names templates
     * @param staging {@code raw} or {@code odd}: how numbers are kept in shared memory, names templates
     * @param prologue names templates
     * @param rule scale rule, names templates
     * @param ways quick ways to fold, each once
     * @param elements constants of each partition's format
     * @param partitions their numbers
     * @param cases which partitions take which way
     */
    record HopperMxQuantize(
            String name,
            RowPairRoom room,
            int threads,
            String source,
            String staging,
            String prologue,
            String rule,
            String deviceFunctions,
            List<OutputModel> ways,
            List<FoldedElement> elements,
            List<Integer> partitions,
            List<Case> cases)
            implements OutputModel {}

    /** Rounding by sums; {@code clips} where the rule's scales may be too small for the largest element. */
    record SumWay(boolean clips) implements OutputModel {}

    /** Rounding by the FP8 converter; {@code twice} where a shift takes two factors. */
    record ConvertWay(String name, String type, boolean twice, boolean clips) implements OutputModel {}

    /** The way that some partitions take. */
    record Case(String way, List<Integer> partitions) {}
}
