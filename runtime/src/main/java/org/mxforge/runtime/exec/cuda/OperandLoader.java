package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.mxforge.codegen.kernel.quantize.MxQuantizeKind;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * Brings quantized weights into GPU memory, some rows at a time: packed rows as they are stored, plain ones to be rounded there, and
 * both to be folded there where they are to be. What kernels do not lay out is laid out by the host.
 */
final class OperandLoader {
    private final Gpu gpu;
    private final InputQuantizer quantizer;
    private final OperandLayout layout;
    private final List<ElementFormat> formats;

    /** A loader of the weights of layers whose inputs {@code quantizer} makes. */
    OperandLoader(Gpu gpu, InputQuantizer quantizer) {
        this.gpu = gpu;
        this.quantizer = quantizer;
        this.layout = quantizer.layout();
        this.formats = quantizer.pairs().stream().map(Side.WEIGHT::format).toList();
    }

    /** {@code weight} in memory that stays. */
    PackedOperand load(QuantizedWeight weight) {
        return load(List.of(weight));
    }

    /** The weights of experts, one behind the other in memory that stays; an operand with the rows of one. */
    PackedOperand load(List<QuantizedWeight> experts) {
        int rows = experts.get(0).outputs();
        if (experts.stream().anyMatch(expert -> expert.outputs() != rows)) {
            throw new IllegalArgumentException("experts have different numbers of rows");
        }
        List<Integer> channels = quantizer.channels();
        DeviceBuffer factors = layout.isFolded()
                ? gpu.lasting("the factors of " + rows + " rows", experts.size() * layout.scaleBytes(rows, 1))
                : null;
        List<PackedOperand.Part> parts = new ArrayList<>();
        for (int i = 0; i < formats.size(); i++) {
            String what = "a weight of " + rows + "x" + channels.get(i) + " in "
                    + formats.get(i).text();
            long codes = layout.elementBytes(formats.get(i), rows, channels.get(i));
            long scales = layout.scaleBytes(rows, channels.get(i) / GroupLayout.GROUP);
            parts.add(new PackedOperand.Part(
                    gpu.lasting(what, experts.size() * codes),
                    factors != null ? factors : gpu.lasting("the scales of " + what, experts.size() * scales),
                    channels.get(i)));
        }
        PackedOperand all = new PackedOperand(rows, parts);
        for (int expert = 0; expert < experts.size(); expert++) {
            fill(experts.get(expert), one(all, experts.size(), expert));
        }
        return all;
    }

    private static PackedOperand one(PackedOperand all, int experts, int expert) {
        return new PackedOperand(
                all.rows(),
                all.parts().stream()
                        .map(part -> new PackedOperand.Part(
                                section(part.codes(), experts, expert),
                                section(part.scales(), experts, expert),
                                part.channels()))
                        .toList());
    }

    private static DeviceBuffer section(DeviceBuffer all, int count, int index) {
        return all.view(index * (all.bytes() / count), all.bytes() / count);
    }

    private void fill(QuantizedWeight weight, PackedOperand to) {
        if (layout == OperandLayout.ROWS || layout == OperandLayout.TILED) {
            inRows(weight, to);
        } else if (!canFold(weight) || !fold(weight, to)) {
            byHost(weight, to);
        }
    }

    /** Whether the kernel folds such weights; it rounds nothing. */
    private boolean canFold(QuantizedWeight weight) {
        return gpu.target() == Target.SM_90A
                && (layout == OperandLayout.CONTAINERS || layout.keepsFragments(ElementFormat.E2M1))
                && weight.input().split().groups().isMx()
                && formats.stream()
                        .allMatch(format ->
                                layout.widens(format) || FoldedFormat.of(format).hasRoom());
    }

    private void byHost(QuantizedWeight weight, PackedOperand to) {
        if (gpu.isDryRun()) {
            return;
        }
        List<DeviceBuffer> next = new ArrayList<>();
        if (layout.isFolded()) {
            next.add(to.parts().get(0).scales());
        }
        for (PackedOperand.Part part : to.parts()) {
            next.add(part.codes());
            if (!layout.isFolded()) {
                next.add(part.scales());
            }
        }
        PackedOperand.upload(weight.matrix(), layout, quantizer.tolerance(), Side.WEIGHT, (purpose, values) -> {
            DeviceBuffer buffer = next.remove(0);
            buffer.upload(values);
            return buffer;
        });
    }

    /** Codes and scales apart, as the quantizer writes them and files have them. */
    private void inRows(QuantizedWeight weight, PackedOperand to) {
        if (isRoundedHere(weight) && weight.source() instanceof QuantizedWeight.Source.Rounded rounded) {
            PlainRows rows = PlainRows.of(gpu, rounded.values());
            inOrder(
                    weight,
                    order -> rows.bring(
                            (address, first, count) -> round(rows.type(), order, address, count, to, first)));
        } else if (layout == OperandLayout.ROWS && weight.source() instanceof QuantizedWeight.Source.Packed packed) {
            bring(packed, to);
        } else {
            // Codes stay where they are; scales are few.
            byHost(weight, to);
        }
    }

    /** Whether that rounds nothing; else what lies there means nothing. */
    private boolean fold(QuantizedWeight weight, PackedOperand to) {
        boolean padded = to.rows() % ContainerTile.ROWS != 0;
        if (padded) {
            float[] ones = new float[(int) (to.parts().get(0).scales().bytes() / Float.BYTES)];
            Arrays.fill(ones, 1);
            to.parts().get(0).scales().upload(ones);
        }
        for (PackedOperand.Part part : to.parts()) {
            if (padded || part.channels() % ContainerTile.CHANNELS != 0) {
                part.codes().fill(gpu.stream(), (byte) 0);
            }
        }
        try (Scratch refused = gpu.scratch("groups that do not fit", new int[1])) {
            if (isRoundedHere(weight) && weight.source() instanceof QuantizedWeight.Source.Rounded rounded) {
                PlainRows rows = PlainRows.of(gpu, rounded.values());
                inOrder(
                        weight,
                        order -> rows.bring((address, first, count) -> {
                            try (PackedRows packed = new PackedRows(count)) {
                                round(rows.type(), order, address, count, packed.operand(), 0);
                                fold(packed.operand(), first, to, refused);
                            }
                        }));
            } else {
                try (PackedRows packed = new PackedRows(to.rows())) {
                    if (!gpu.isDryRun()) {
                        bring(packed(weight), packed.operand());
                    }
                    fold(packed.operand(), 0, to, refused);
                }
            }
            int[] count = new int[1];
            refused.buffer().download(count);
            return count[0] == 0;
        }
    }

    /** Whether plain values can be rounded by the kernel, which takes groups as they are. */
    private static boolean isRoundedHere(QuantizedWeight weight) {
        return weight.input().transform() == GroupTransform.NONE;
    }

    private static QuantizedWeight.Source.Packed packed(QuantizedWeight weight) {
        return weight.source() instanceof QuantizedWeight.Source.Packed packed
                ? packed
                : (QuantizedWeight.Source.Packed) new QuantizedWeight(weight.matrix(), weight.input()).source();
    }

    private void fold(PackedOperand rows, int first, PackedOperand to, Scratch refused) {
        List<MxFoldArguments.Part> parts = IntStream.range(0, formats.size())
                .mapToObj(i -> new MxFoldArguments.Part(
                        rows.parts().get(i).codes().address(),
                        rows.parts().get(i).scales().address(),
                        to.parts().get(i).codes().address(),
                        rows.parts().get(i).channels()))
                .toList();
        gpu.launch(
                new MxFoldSpec(formats, layout),
                new MxFoldArguments(
                        rows.rows(), first, parts, to.parts().get(0).scales().address(), refused.address()));
    }

    /** Brings packed rows to {@code to}, where they lie in rows. */
    private void bring(QuantizedWeight.Source.Packed packed, PackedOperand to) {
        for (int i = 0; i < formats.size(); i++) {
            QuantizedWeight.Part from = packed.parts().get(i);
            gpu.bring(from.codes(), 0, from.codes().length(), to.parts().get(i).codes(), 0);
            gpu.bring(
                    from.scales(), 0, from.scales().length(), to.parts().get(i).scales(), 0);
        }
    }

    /** Hands {@code work} the address of the order that the channels of a plain weight come in: an expert may have one of its own. */
    private void inOrder(QuantizedWeight weight, LongConsumer work) {
        int[] order = weight.input().order();
        if (Arrays.equals(order, quantizer.quantization().order())) {
            work.accept(quantizer.order().address());
            return;
        }
        try (Scratch own = gpu.scratch("a reorder index of an expert", order)) {
            work.accept(own.address());
        }
    }

    /**
     * Rounds {@code count} plain rows at {@code address}, their channels in the order at {@code order}; they become row {@code at} of
     * {@code to} and those behind it.
     */
    private void round(ScalarType type, long order, long address, int count, PackedOperand to, int at) {
        OperandLayout written = layout == OperandLayout.TILED ? OperandLayout.TILED : OperandLayout.ROWS;
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < formats.size(); i++) {
            PackedOperand.Part part = to.parts().get(i);
            outputs.add(new MxQuantizeOutput(
                    part.codes().address() + written.elementBytes(formats.get(i), at, part.channels()),
                    part.scales().address() + written.scaleBytes(at, part.channels() / GroupLayout.GROUP),
                    part.channels()));
        }
        InputQuantization input = quantizer.quantization();
        gpu.launch(
                new MxQuantizeSpec(
                        Side.WEIGHT,
                        formats,
                        input.rule(),
                        input.split().groups(),
                        Prologue.NONE,
                        type,
                        Tolerance.EXACT),
                written == OperandLayout.TILED ? MxQuantizeKind.TILED : MxQuantizeKind.ROWS,
                new MxQuantizeArguments(
                        count, input.split().channels(), address, new PrologueOperands.None(), order, outputs));
    }

    /** Room for some rows in {@link OperandLayout#ROWS}, on their way. */
    private final class PackedRows implements AutoCloseable {
        private final List<Scratch> taken = new ArrayList<>();
        private final PackedOperand operand;

        PackedRows(int rows) {
            List<PackedOperand.Part> parts = new ArrayList<>();
            for (int i = 0; i < formats.size(); i++) {
                int channels = quantizer.channels().get(i);
                parts.add(new PackedOperand.Part(
                        take(OperandLayout.ROWS.elementBytes(formats.get(i), rows, channels)),
                        take(OperandLayout.ROWS.scaleBytes(rows, channels / GroupLayout.GROUP)),
                        channels));
            }
            operand = new PackedOperand(rows, parts);
        }

        private DeviceBuffer take(long bytes) {
            Scratch scratch = gpu.scratch("packed rows, on their way", bytes);
            taken.add(scratch);
            return scratch.buffer().view(0, bytes);
        }

        PackedOperand operand() {
            return operand;
        }

        @Override
        public void close() {
            taken.forEach(Scratch::close);
        }
    }
}
