package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Reorder-quantize, byte for byte. Prologues get numbers on which they are exact: whole ones, whose squares have one sum, and gates so
 * large that SiLU is the identity; weights and what gates are multiplied with are of the case's class, but for weights of norms, which are
 * finite.
 */
record MxQuantizeTrial(MxQuantizeSpec spec) implements Trial {
    private static final float EPSILON = 0.25f;

    @Override
    public List<Extent> extents() {
        int multiple = spec.groups().channelMultiple();
        int partitions = spec.formats().size();
        return List.of(
                Extent.any("m", 5, 140),
                new Extent("k", 3 * multiple, multiple, multiple, Math.max(2, 10 / partitions) * multiple, partitions));
    }

    @Override
    public Set<Data> data() {
        return EnumSet.allOf(Data.class);
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return true;
    }

    /**
     * What is quantized, in host memory.
     *
     * @param x rows as the kernel reads them
     * @param weight of the norm, or nothing
     * @param centre what is taken off, or nothing
     * @param values what the prologue makes of them
     */
    private record Input(InputQuantization how, int rows, float[] x, float[] weight, float[] centre, float[] values) {
        static Input of(MxQuantizeSpec spec, CheckCase of) {
            Draw draw = Draw.of(of);
            List<Partition> partitions = new ArrayList<>();
            for (int i = 0; i < spec.formats().size(); i++) {
                ElementFormat format = spec.formats().get(i);
                partitions.add(new Partition(
                        new FormatPair(format, format), of.sizes().all("k").get(i)));
            }
            ChannelSplit split = new ChannelSplit(partitions, GroupLayout.GROUP, spec.groups());
            int rows = of.sizes().get("m");
            int channels = split.channels();
            InputQuantization how = new InputQuantization(split, draw.order(channels), spec.rule(), spec.transform());
            float[] drawn = spread(draw.numbers(spec.source(), rows * channels), how.order());
            return switch (spec.prologue()) {
                case NONE -> new Input(how, rows, drawn, new float[0], new float[0], drawn);
                case RMSNORM -> normed(how, rows, draw, of.data(), weight(draw, of.data(), how));
                case RMSNORM_CENTRED ->
                    normed(how, rows, draw, of.data(), weight(draw, of.data(), how))
                            .less(weight(draw, of.data(), how));
                case SILU_MUL -> gated(how, rows, draw, drawn);
            };
        }

        private static float[] weight(Draw draw, Data data, InputQuantization how) {
            int channels = how.order().length;
            return data == Data.NONFINITE
                    ? draw.normal(channels)
                    : spread(draw.numbers(ScalarType.BF16, channels), how.order());
        }

        /** New channel i, which the class says, is old channel order[i]. */
        private static float[] spread(float[] rows, int[] order) {
            float[] placed = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                placed[i / order.length * order.length + order[i % order.length]] = rows[i];
            }
            return placed;
        }

        private static Input normed(InputQuantization how, int rows, Draw draw, Data data, float[] weight) {
            int channels = weight.length;
            float[] x = new float[rows * channels];
            float[] values = new float[x.length];
            for (int row = 0; row < rows; row++) {
                float squares = 0;
                int fault =
                        data == Data.NONFINITE && row % 3 == 0 ? draw.random().nextInt(channels) : -1;
                for (int i = row * channels; i < (row + 1) * channels; i++) {
                    x[i] = i - row * channels == fault
                            ? draw.of(Float.NaN, Float.NEGATIVE_INFINITY)
                            : draw.random().nextInt(-16, 17);
                    squares += x[i] * x[i];
                }
                float norm = (float) (1 / Math.sqrt(squares / channels + EPSILON));
                for (int i = 0; i < channels; i++) {
                    values[row * channels + i] = x[row * channels + i] * weight[i] * norm;
                }
            }
            return new Input(how, rows, x, weight, new float[0], values);
        }

        /** What is left without {@code centre}. */
        private Input less(float[] centre) {
            float[] left = new float[values.length];
            for (int i = 0; i < left.length; i++) {
                left[i] = values[i] - centre[i % centre.length];
            }
            return new Input(how, rows, x, weight, centre, left);
        }

        private static Input gated(InputQuantization how, int rows, Draw draw, float[] up) {
            int channels = up.length / rows;
            float[] x = new float[2 * up.length];
            float[] values = new float[up.length];
            for (int i = 0; i < up.length; i++) {
                float gate =
                        draw.random().nextInt(8) == 0 ? 0 : 128 + draw.random().nextInt(256) / 2;
                int at = i / channels * 2 * channels + i % channels;
                x[at] = gate;
                x[at + channels] = up[i];
                values[i] = gate * up[i];
            }
            return new Input(how, rows, x, new float[0], new float[0], values);
        }

        /** What the rows by {@code index} are made of; rows without a number are the first again. */
        Input gathered(int[] index) {
            float[] gathered = new float[values.length];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(values, Math.max(0, index[row]) * channels(), gathered, row * channels(), channels());
            }
            return new Input(how, rows, x, weight, centre, gathered);
        }

        int channels() {
            return how.order().length;
        }
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        Input all = Input.of(spec, of);
        int[] index = index(all.rows);
        Input input = spec.rows() == MxQuantizeSpec.Rows.GATHERED ? all.gathered(index) : all;
        OperandLayout layout = of.variant().algorithm().layout(spec.side());
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        List<Wanted> wanted = layout.isFolded()
                ? folded(input, index, layout, operands, outputs)
                : packed(input, index, layout, operands, outputs);
        return new Launched(
                new MxQuantizeArguments(
                        input.rows,
                        input.channels(),
                        operands.numbers("x", spec.source(), all.x),
                        prologue(input, operands),
                        operands.ints("order", input.how.order()),
                        spec.rows().indexed() ? operands.ints("numbers of rows", index) : 0,
                        outputs),
                wanted);
    }

    private PrologueOperands prologue(Input input, Operands operands) {
        return switch (spec.prologue()) {
            case NONE -> new PrologueOperands.None();
            case RMSNORM -> new PrologueOperands.RmsNorm(operands.bf16("weight", input.weight), EPSILON);
            case RMSNORM_CENTRED ->
                new PrologueOperands.RmsNormCentred(
                        operands.bf16("weight", input.weight), operands.bf16("centre", input.centre), EPSILON);
            case SILU_MUL -> new PrologueOperands.SiluMul();
        };
    }

    /** Numbers of rows by an index, some of them negative: both of a pair, and one. */
    private int[] index(int rows) {
        int[] index = new int[rows];
        for (int row = 0; row < rows; row++) {
            boolean none = spec.rows().indexed() && (row % 5 == 2 || row % 5 == 3);
            index[row] = none ? -1 : rows - 1 - row;
        }
        return index;
    }

    /** Rows without a number are left as they are, but for the scales in tiles, which are cleared as those of padding are. */
    private List<Wanted> packed(
            Input input, int[] index, OperandLayout layout, Operands operands, List<MxQuantizeOutput> outputs) {
        List<Wanted> wanted = new ArrayList<>();
        PackedMatrix expected = new ReferenceQuantizer(input.how, spec.side()).quantize(input.values, input.rows);
        for (int i = 0; i < expected.partitions().size(); i++) {
            PackedPartition partition = expected.partitions().get(i);
            clear(partition.codes(), index);
            clear(partition.scales(), index);
            byte[] scales = partition.scales(layout);
            MxQuantizeOutput output = new MxQuantizeOutput(
                    room("codes of partition " + i, partition.codes().length, operands),
                    room("scales of partition " + i, scales.length, operands),
                    partition.channels());
            outputs.add(output);
            wanted.addAll(wanted(i, output, partition, scales));
        }
        return wanted;
    }

    private long room(String name, long bytes, Operands operands) {
        return spec.rows().indexed() ? operands.zeros(name, bytes) : operands.room(name, bytes);
    }

    private static void clear(byte[] rows, int[] index) {
        int bytes = rows.length / index.length;
        for (int row = 0; row < index.length; row++) {
            if (index[row] < 0) {
                Arrays.fill(rows, row * bytes, (row + 1) * bytes, (byte) 0);
            }
        }
    }

    private static List<Wanted> wanted(int i, MxQuantizeOutput output, PackedPartition partition, byte[] scales) {
        int bytesOfRow = partition.codes().length / partition.rows();
        return List.of(
                Wanted.ofBytes("codes of partition " + i, output.codes(), bytesOfRow, partition.codes()),
                Wanted.ofBytes("scales of partition " + i, output.scales(), scales.length, scales));
    }

    /** Rows of padding are left as they are; those without a number mean nothing. */
    private List<Wanted> folded(
            Input input, int[] index, OperandLayout layout, Operands operands, List<MxQuantizeOutput> outputs) {
        List<Wanted> wanted = new ArrayList<>();
        FoldedMatrix expected =
                FoldedMatrix.quantize(input.how, spec.tolerance().rounds(), input.values, input.rows);
        int padded = expected.factors().length;
        float[] ofRows = expected.factors().clone();
        double[] allowed = new double[padded];
        for (int row = 0; row < padded; row++) {
            boolean none = row < index.length && index[row] < 0;
            // What lies under a factor that is NaN says nothing.
            allowed[row] = none || Float.isNaN(ofRows[row]) ? Double.POSITIVE_INFINITY : 0;
            ofRows[row] = none ? 1 : ofRows[row];
        }
        long factors = operands.floats("factors", Draw.same(1, padded));
        wanted.add(Wanted.of("factors", factors, ScalarType.FP32, 128, ofRows).within(allowed));
        for (int i = 0; i < expected.partitions().size(); i++) {
            FoldedMatrix.Partition partition = expected.partitions().get(i);
            String name = "tiles of partition " + i;
            long tiles = operands.zeros(name, partition.tiles().length);
            outputs.add(new MxQuantizeOutput(tiles, factors, partition.channels()));
            wanted.add(Wanted.ofBytes(name, tiles, ContainerTile.CHANNELS, partition.tiles())
                    .within(spread(allowed, partition.tiles().length)));
        }
        return wanted;
    }

    /** What is allowed of rows for each byte of their tiles. */
    private static double[] spread(double[] ofRows, int bytes) {
        int perTileRow = bytes / (ofRows.length / ContainerTile.ROWS);
        double[] allowed = new double[bytes];
        for (int i = 0; i < bytes; i++) {
            allowed[i] = ofRows[i / perTileRow * ContainerTile.ROWS + i % ContainerTile.BYTES / ContainerTile.CHANNELS];
        }
        return allowed;
    }

    @Override
    public List<Wanted> run(CheckCase of, Host host) {
        Input input = Input.of(spec, of);
        ReferenceQuantizer reference = new ReferenceQuantizer(input.how, spec.side());
        PackedMatrix out = reference.allocate(input.rows);
        host.runner()
                .run(
                        host.kernel(of.variant(), CpuMxQuantize.class),
                        new CpuMxQuantize.Operands(
                                input.x,
                                spec.prologue().norms() ? input.weight : null,
                                spec.prologue() == Prologue.RMSNORM_CENTRED ? input.centre : null,
                                EPSILON,
                                input.how.order(),
                                out));
        PackedMatrix expected = reference.quantize(input.values, input.rows);
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < out.partitions().size(); i++) {
            PackedPartition got = out.partitions().get(i);
            PackedPartition right = expected.partitions().get(i);
            List<Wanted> both = wanted(i, new MxQuantizeOutput(0, 0, right.channels()), right, right.scales());
            wanted.add(both.get(0).in(got.codes()));
            wanted.add(both.get(1).in(got.scales()));
        }
        return wanted;
    }
}
