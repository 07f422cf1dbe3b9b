package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;

/** The folding of packed weights into fragments and containers, when a model is loaded. */
public final class MxFoldKind implements KernelKind<MxFoldSpec> {
    private static final Algorithm<MxFoldSpec> PASS = new RepackAlgorithm<>(MxFoldSpec.class, MxFoldKind::plan);

    private static final int WARP = 32;

    @Override
    public String stem() {
        return MxFoldSpec.STEM;
    }

    @Override
    public Class<MxFoldSpec> specs() {
        return MxFoldSpec.class;
    }

    @Override
    public Class<MxFoldArguments> arguments() {
        return MxFoldArguments.class;
    }

    @Override
    public MxFoldSpec read(SpecText fields) {
        return MxFoldSpec.read(fields);
    }

    @Override
    public List<Algorithm<MxFoldSpec>> algorithms() {
        return List.of(PASS);
    }

    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        for (ElementFormat format : List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E2M3)) {
            variants.add(variant(new MxFoldSpec(List.of(format), OperandLayout.FRAGMENTS)));
        }
        variants.add(variant(new MxFoldSpec(
                List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3), OperandLayout.MIXED_FRAGMENTS)));
        variants.add(
                variant(new MxFoldSpec(List.of(ElementFormat.E2M1, ElementFormat.E3M2), OperandLayout.CONTAINERS)));
        return variants;
    }

    private static KernelVariant variant(MxFoldSpec spec) {
        return KernelVariant.of(spec, PASS, Target.SM_90A);
    }

    private static KernelPlan plan(MxFoldSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        List<ElementFormat> formats = spec.formats();
        MxFold model = new MxFold(
                variant.identifier(),
                threads,
                DeviceFunctions.cuda().strip(),
                formats.stream()
                        .distinct()
                        .map(format -> element(format, spec.to()))
                        .toList(),
                IntStream.range(0, formats.size())
                        .mapToObj(i -> new FoldPartition(i, formats.get(i).text()))
                        .toList());
        return new KernelPlan(
                "hopper/mxfold", model, signature(formats.size(), threads).build(threads, "one warp for each row"), 0);
    }

    private static OutputModel element(ElementFormat format, OperandLayout to) {
        if (to.keepsFragments(format)) {
            FragmentTile tile = new FragmentTile(format);
            return new FragmentElement(
                    format.text(),
                    format.bits(),
                    tile.channels() / GroupLayout.GROUP,
                    format.bytesPerGroup(),
                    tile.lowestShift(),
                    tile.highestShift(),
                    tile.step(0),
                    tile.blockBytes(),
                    format.maxCode() + 1);
        }
        FoldedFormat folded = FoldedFormat.of(format);
        return new ContainerElement(
                format.text(),
                format.bits(),
                format.bytesPerGroup(),
                Codec.of(format),
                Codec.of(folded.container()),
                Float.floatToRawIntBits(folded.container().maxFinite()),
                folded.lowest());
    }

    private static SignatureBuilder signature(int count, int threads) {
        SignatureBuilder signature = SignatureBuilder.of(MxFoldArguments.class)
                .size("rows", "rows that are given")
                .count("first", "which row of the result is the first of them")
                .entries("parts", count);
        for (int i = 0; i < count; i++) {
            String part = "parts[" + i + "].";
            String where = " of partition " + i;
            signature
                    .multiple(part + "channels", "channels" + where, GroupLayout.GROUP)
                    .address(part + "codes", "const unsigned char*", "packed codes" + where, "rows: [rows][channels]")
                    .named("codes_" + i)
                    .address(part + "scales", "const unsigned char*", "their scales", "rows: E8M0 [rows][groups]")
                    .named("scales_" + i)
                    .address(part + "tiles", "unsigned char*", "the result" + where, "fragments or containers")
                    .named("tiles_" + i)
                    .int32(part + "channels", "channels" + where)
                    .named("k_" + i);
        }
        return signature
                .address("factors", "float*", "factors of the result's rows", "FP32 [rows of the result]")
                .address("refused", "int*", "groups that would be rounded", "INT32")
                .grid(variable("rows").pieces(constant(threads / WARP)));
    }

    /** The kernel; {@code elements} has each format once. */
    record MxFold(
            String name,
            int threads,
            String deviceFunctions,
            List<OutputModel> elements,
            List<FoldPartition> partitions)
            implements OutputModel {}

    /** One partition: its number, and the format of its elements. */
    record FoldPartition(int index, String format) {}

    /**
     * A format whose codes stay packed.
     *
     * @param groups of a row of a tile
     * @param zeroStep the decoding step of shift 0
     * @param infinite least magnitude that is no finite number
     */
    record FragmentElement(
            String format,
            int bits,
            int groups,
            int groupBytes,
            int lowest,
            int highest,
            int zeroStep,
            int blockBytes,
            int infinite)
            implements OutputModel {}

    /** A format whose elements become {@code container}'s; {@code largest} is the largest of these, as the bits of FP32. */
    record ContainerElement(
            String format, int bits, int groupBytes, Codec codec, Codec container, int largest, int lowest)
            implements OutputModel {}

    /** The fields of a format. */
    record Codec(int exponentBits, int mantissaBits, int bias, int maxCode) {
        static Codec of(ElementFormat format) {
            return new Codec(format.exponentBits(), format.mantissaBits(), format.bias(), format.maxCode());
        }
    }
}
