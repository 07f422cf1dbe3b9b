package org.mxforge.runtime.exec.cuda;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.dsl.launch.MxRoundArguments;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupFormats;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Fp64GemmSpec.Sum;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.MxRoundSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Rounding on a GPU: inputs stay where they are, and all sums are in FP64.
 *
 * <p>H is the sum of X^'X^ over tokens, its lower triangle; the other is the sum of X'X^, whose transpose multiplies W in W*. Rounding goes by
 * {@value MxRoundSpec#COLUMNS} columns, and what that costs is taken off the columns behind them by a product.
 */
final class CudaSiteRounding implements SiteRounding {
    private static final int GROUP = GroupLayout.GROUP;

    /** What is added to H where it orders the errors, of the mean of its diagonal. */
    private static final double RIDGE = 0.01;

    private final Gpu gpu;
    private final String site;
    private final InputQuantization input;
    private final int channels;
    private final Scratch order;
    private final Scratch formats;
    private final Deque<DenseInput> plain = new ArrayDeque<>();
    private Optional<Fp64Matrix> products = Optional.empty();
    private Optional<Fp64Matrix> cross = Optional.empty();

    private CudaSiteRounding(Gpu gpu, String site, InputQuantization input) {
        this.gpu = gpu;
        this.site = site;
        this.input = input;
        this.channels = input.split().channels();
        this.order = gpu.scratch("a reorder index", input.order());
        this.formats = formats(Side.ACTIVATION, input.rule());
    }

    /** Empty in a dry run, and where there is not the memory: for four matrices of [channels][channels], and the weight twice. */
    static Optional<SiteRounding> of(Gpu gpu, LinearSite site, InputQuantization input) {
        long bytes = Fp64Matrix.bytes(4L * site.channels() + 2L * site.outputs(), site.channels());
        Backend.Memory memory = gpu.memory();
        return gpu.isDryRun() || bytes > memory.free() + memory.scratch()
                ? Optional.empty()
                : Optional.of(new CudaSiteRounding(gpu, site.name(), input));
    }

    @Override
    public void plain(LinearInput tokens) {
        plain.add(dense(tokens).copy(gpu));
    }

    private DenseInput dense(LinearInput tokens) {
        if (tokens instanceof DenseInput dense && dense.channels() == channels) {
            return dense;
        }
        throw new IllegalArgumentException(
                "the input of " + site + " is quantized, or has not " + channels + " channels");
    }

    @Override
    public void add(LinearInput tokens) {
        if (products.isEmpty()) {
            products = Optional.of(Fp64Matrix.zeros(gpu, channels, channels));
            cross = plain.isEmpty() ? Optional.empty() : Optional.of(Fp64Matrix.zeros(gpu, channels, channels));
        }
        try (Fp64Matrix quantized = rows(dense(tokens), Optional.of(input.rule()))) {
            products.ifPresent(sums -> addProducts(quantized, quantized, sums, Fp64Matrix.Skipped.ABOVE));
            cross.ifPresent(sums -> {
                try (DenseInput kept = plain.remove();
                        Fp64Matrix values = rows(kept, Optional.empty())) {
                    if (kept.rows() != tokens.rows()) {
                        throw new IllegalStateException("other tokens reach " + site + " in the plain model");
                    }
                    addProducts(values, quantized, sums, Fp64Matrix.Skipped.NOTHING);
                }
            });
        }
    }

    private void addProducts(Fp64Matrix x, Fp64Matrix y, Fp64Matrix sums, Fp64Matrix.Skipped skipped) {
        Fp64Matrix.multiply(gpu, true, Sum.ADD, channels, channels, x.rows(), x.all(), y.all(), sums.all(), skipped);
    }

    /** Tokens in the order of the split and through its transform, and rounded if there is a rule. */
    private Fp64Matrix rows(DenseInput tokens, Optional<ScaleRule> rule) {
        Fp64Matrix made = Fp64Matrix.allocate(gpu, tokens.rows(), channels);
        gpu.launch(
                new Fp64RowsSpec(ScalarType.BF16, tokens.layout(), input.transform(), rule),
                new Fp64RowsArguments(
                        tokens.rows(), channels, tokens.address(), order.address(), formats.address(), made.address()));
        return made;
    }

    private Scratch formats(Side side, ScaleRule rule) {
        List<ElementFormat> groups = input.split().partitions().stream()
                .flatMap(part -> Collections.nCopies(part.channels() / GROUP, side.format(part.formats())).stream())
                .toList();
        return gpu.scratch("the formats of groups", GroupFormats.of(groups, rule));
    }

    @Override
    public Optional<Rounded> round(float[] weight) {
        double[] diagonal = products.map(Fp64Matrix::diagonal).orElseGet(() -> new double[0]);
        cross.map(Fp64Matrix::diagonal).ifPresent(this::checkFinite);
        checkFinite(diagonal);
        double ridge = Arrays.stream(diagonal).sum() / channels;
        if (ridge == 0) {
            return Optional.empty();
        }
        Fp64Matrix h = products.orElseThrow();
        int outputs = weight.length / channels;
        try (Fp64Matrix w = wide(weight, outputs);
                Fp64Matrix root = Fp64Matrix.allocate(gpu, channels, channels)) {
            int damped = 0;
            if (cross.isPresent()) {
                damped += aim(h, ridge, root, w);
            }
            damped += h.inverseRoot(RIDGE * ridge, root);
            return Optional.of(new Rounded(columns(w, root), damped));
        }
    }

    private void checkFinite(double[] sums) {
        if (!Double.isFinite(Arrays.stream(sums).sum())) {
            throw SiteRounding.notFinite(site);
        }
    }

    /** {@code weight} in FP64. */
    private Fp64Matrix wide(float[] weight, int outputs) {
        Fp64Matrix made = Fp64Matrix.allocate(gpu, outputs, channels);
        try (Scratch values = gpu.scratch("a plain weight", weight);
                Scratch same = gpu.scratch(
                        "a reorder index", IntStream.range(0, channels).toArray())) {
            gpu.launch(
                    new Fp64RowsSpec(ScalarType.FP32, OperandLayout.PLAIN, GroupTransform.NONE, Optional.empty()),
                    new Fp64RowsArguments(outputs, channels, values.address(), same.address(), 0, made.address()));
        }
        return made;
    }

    /** Makes {@code w} what with the inputs as they are comes nearest to what it makes of the plain ones. */
    private int aim(Fp64Matrix h, double ridge, Fp64Matrix root, Fp64Matrix w) {
        Fp64Matrix sums = cross.orElseThrow();
        try (Fp64Matrix right = Fp64Matrix.allocate(gpu, w.rows(), channels)) {
            sums.setDiagonal(sums.diagonal(), ridge);
            Fp64Matrix.multiply(
                    gpu,
                    false,
                    Sum.SET,
                    w.rows(),
                    channels,
                    channels,
                    w.all(),
                    sums.all(),
                    right.all(),
                    Fp64Matrix.Skipped.NOTHING);
            int damped = h.inverseRoot(ridge, root);
            // Their memory has the inverse of H + m I now.
            Fp64Matrix.multiply(
                    gpu,
                    true,
                    Sum.SET,
                    channels,
                    channels,
                    channels,
                    root.all(),
                    root.all(),
                    sums.all(),
                    Fp64Matrix.Skipped.BELOW_BOTH);
            Fp64Matrix.multiply(
                    gpu,
                    false,
                    Sum.SET,
                    w.rows(),
                    channels,
                    channels,
                    right.all(),
                    sums.all(),
                    w.all(),
                    Fp64Matrix.Skipped.NOTHING);
            return damped;
        }
    }

    /** Rounds {@code w}, which is used up, column by column. */
    private PackedMatrix columns(Fp64Matrix w, Fp64Matrix root) {
        int outputs = w.rows();
        byte[] codes = new byte[Math.multiplyExact(outputs, channels)];
        byte[] scales = new byte[codes.length / GROUP];
        try (Scratch narrow = formats(Side.WEIGHT, ScaleRule.CEIL);
                Scratch code = gpu.scratch("codes of a weight", codes.length);
                Scratch scale = gpu.scratch("scales of a weight", scales.length);
                Fp64Matrix errors = Fp64Matrix.allocate(gpu, outputs, MxRoundSpec.COLUMNS)) {
            for (int first = 0; first < channels; first += MxRoundSpec.COLUMNS) {
                gpu.launch(
                        new MxRoundSpec(),
                        new MxRoundArguments(
                                outputs,
                                channels,
                                first,
                                w.address(),
                                root.address(),
                                narrow.address(),
                                code.address(),
                                scale.address(),
                                errors.address()));
                int end = first + MxRoundSpec.COLUMNS;
                if (end < channels) {
                    Fp64Matrix.multiply(
                            gpu,
                            false,
                            Sum.SUBTRACT,
                            outputs,
                            channels - end,
                            MxRoundSpec.COLUMNS,
                            errors.all(),
                            root.from(first, end),
                            w.from(0, end),
                            Fp64Matrix.Skipped.NOTHING);
                }
            }
            code.buffer().download(codes);
            scale.buffer().download(scales);
        }
        return packed(codes, scales, outputs);
    }

    private PackedMatrix packed(byte[] codes, byte[] scales, int outputs) {
        ChannelSplit split = input.split();
        PackedMatrix packed = PackedMatrix.zeros(split, Side.WEIGHT, outputs);
        IntStream.range(0, outputs).parallel().forEach(row -> {
            int group = row * (channels / GROUP);
            for (PackedPartition part : packed.partitions()) {
                int index = row * part.rowScales();
                for (int i = 0; i < part.rowScales(); i++, group++, index++) {
                    part.scales()[index] = scales[group];
                    CodePacking.pack(
                            part.format(),
                            codes,
                            group * GROUP,
                            GROUP,
                            part.codes(),
                            index * split.groups().bytes(part.format()));
                }
            }
        });
        return packed;
    }

    @Override
    public void close() {
        plain.forEach(DenseInput::close);
        plain.clear();
        products.ifPresent(Fp64Matrix::close);
        cross.ifPresent(Fp64Matrix::close);
        order.close();
        formats.close();
    }
}
