package org.mxforge.codegen.kernel.quantize;

import static org.mxforge.dsl.space.Expression.constant;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.ScaleGroups;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * Packed codes and E8M0 scales, a block for each row, on every GPU from sm_80 on. Rows of padding that the scale tiles have are
 * blocks of their own.
 *
 * @param result {@link OperandLayout#TILED} or {@link OperandLayout#ROWS}
 */
record PackQuantize(String name, OperandLayout result) implements CudaAlgorithm<MxQuantizeSpec> {
    private static final int TILE_ROWS = 128;

    @Override
    public Class<MxQuantizeSpec> specs() {
        return MxQuantizeSpec.class;
    }

    @Override
    public Optional<String> refusal(MxQuantizeSpec spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of(name + " is for GPUs");
    }

    @Override
    public OperandLayout layout(Side side) {
        return result;
    }

    @Override
    public ConfigSpace space(MxQuantizeSpec spec, Target target) {
        return RowTiling.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(MxQuantizeSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        RowStaging staging = RowStaging.of(spec, variant.target());
        List<ElementFormat> formats = spec.formats();
        boolean tiled = result == OperandLayout.TILED;
        MxQuantize model = new MxQuantize(
                variant.identifier(),
                threads,
                spec.source().text(),
                spec.prologue() == Prologue.NONE ? "raw" : "computed",
                staging.channels(),
                spec.prologue().text(),
                spec.transform() == GroupTransform.HADAMARD,
                RowIndex.of(spec.rows()),
                tiled ? "tile128x4" : "rows",
                ScaleGroups.of(spec.groups()),
                DeviceFunctions.cuda(spec.groups().format()).strip(),
                formats.stream()
                        .distinct()
                        .map(format -> QuantizedElement.of(format, spec))
                        .toList(),
                IntStream.range(0, formats.size())
                        .mapToObj(i -> new QuantizedPartition(i, QuantizedElement.type(formats.get(i))))
                        .toList());
        SignatureBuilder signature = QuantizeSignature.of(spec, "unsigned char*", "scales", tiled ? "tiled" : "rows");
        Expression rows = QuantizeSignature.ROWS;
        signature
                .grid(tiled ? rows.pieces(constant(TILE_ROWS)).times(TILE_ROWS) : rows)
                .shared(QuantizeSignature.COLUMNS
                        .min(constant(staging.channels()))
                        .times(staging.type().bytes()));
        String work = tiled
                ? "one block for each row, rows padded to " + TILE_ROWS + " as the scale tiles are"
                : "one block for each row";
        return new KernelPlan("portable/mxquantize", model, signature.build(threads, work), staging.bytes());
    }

    /**
     * The kernel.
     *
     * @param source input type, names templates
     * @param staged {@code raw} or {@code computed}: what of a row is kept in shared memory, names templates
     * @param stagedChannels how many channels of it
     * @param prologue names templates
     * @param turned whether groups go through a Hadamard matrix
     * @param index which rows are made
     * @param scales scale layout, names templates
     * @param groups group size and scale format
     * @param elements each format once
     * @param partitions in order
     */
    record MxQuantize(
            String name,
            int threads,
            String source,
            String staged,
            int stagedChannels,
            String prologue,
            boolean turned,
            RowIndex index,
            String scales,
            ScaleGroups groups,
            String deviceFunctions,
            List<QuantizedElement> elements,
            List<QuantizedPartition> partitions)
            implements OutputModel {}

    /** One element format with the scale rule: the C++ type that the kernel is instantiated on. */
    record QuantizedElement(
            String type,
            int bits,
            int exponentBits,
            int mantissaBits,
            int bias,
            int maxCode,
            String codec,
            String rule,
            int maxExponent,
            int maxMantissa)
            implements OutputModel {
        static QuantizedElement of(ElementFormat format, MxQuantizeSpec spec) {
            return new QuantizedElement(
                    type(format),
                    format.bits(),
                    format.exponentBits(),
                    format.mantissaBits(),
                    format.bias(),
                    format.maxCode(),
                    DeviceFunctions.stem(spec.groups().format().codec()),
                    spec.rule().method(),
                    format.maxExponent(),
                    spec.rule().maxMantissa(format));
        }

        /** Such as {@code E2m1}. */
        static String type(ElementFormat format) {
            return format.name().charAt(0) + format.text().substring(1);
        }
    }

    /** One partition: its number, and the C++ type of its elements. */
    record QuantizedPartition(int index, String element) {}
}
