package org.mxforge.codegen.cuda;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;

/** Reorder-quantize in the portable family. */
final class MxQuantizeEmitter implements KernelEmitter<MxQuantizeSpec> {
    @Override
    public KernelPlan plan(MxQuantizeSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        RowStaging staging = RowStaging.of(spec, variant.target());
        List<ElementFormat> formats = spec.formats();
        MxQuantize model = new MxQuantize(
                spec.identifier(),
                threads,
                spec.source().text(),
                spec.prologue() == Prologue.NONE ? "raw" : "computed",
                staging.channels(),
                spec.prologue().text(),
                spec.groups().scales().text(),
                ScaleGroups.of(spec.groups()),
                DeviceFunctions.cuda(spec.groups().format()).strip(),
                formats.stream()
                        .distinct()
                        .map(format -> QuantizedElement.of(format, spec))
                        .toList(),
                IntStream.range(0, formats.size())
                        .mapToObj(i -> new QuantizedPartition(i, QuantizedElement.type(formats.get(i))))
                        .toList());
        return new KernelPlan("portable/mxquantize", model, threads, staging.bytes());
    }

    /**
     * The kernel.
     *
     * @param source input type, names templates
     * @param staged {@code raw} or {@code computed}: what of a row is kept in shared memory, names templates
     * @param stagedChannels how many channels of it
     * @param prologue names templates
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
                    spec.rule().text(),
                    format.maxExponent(),
                    Float.floatToRawIntBits(format.maxFinite()) & 0x7fffff);
        }

        /** Such as {@code E2m1}. */
        static String type(ElementFormat format) {
            return format.name().charAt(0) + format.text().substring(1);
        }
    }

    /** One partition: its number, and the C++ type of its elements. */
    record QuantizedPartition(int index, String element) {}
}
