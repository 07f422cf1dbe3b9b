package org.mxforge.runtime.quant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.ByteSource;

/**
 * The weight of one quantized linear layer, [outputs][channels], its channels reordered as its input's are. Its codes are read, or made,
 * when they are wanted.
 */
public final class QuantizedWeight {
    private final int outputs;
    private final InputQuantization input;
    private final Source source;

    /** Where the codes come from. */
    public sealed interface Source {
        /** They are there; the partitions in their order. */
        record Packed(List<Part> parts) implements Source {
            public Packed {
                parts = List.copyOf(parts);
            }
        }

        /** They are those of {@link WeightQuantizer#ROUND_TO_NEAREST}. */
        record Rounded(PlainWeight values) implements Source {}

        /** Another algorithm makes them. */
        record Made(Supplier<PackedMatrix> matrix) implements Source {}
    }

    /**
     * One partition.
     *
     * @param format weight format
     * @param channels columns
     * @param codes {@code [outputs][channels * bits / 8]}, see {@link org.mxforge.dsl.layout.CodePacking}
     * @param scales {@code [outputs][groups]}, a byte each
     */
    public record Part(ElementFormat format, int channels, ByteSource codes, ByteSource scales) {
        private Part withRows(int outputs, int[] order) {
            return new Part(format, channels, withRows(codes, outputs, order), withRows(scales, outputs, order));
        }

        /** Some of its channels. */
        private Part share(int outputs, int tile, ChannelShare.Piece piece) {
            return new Part(
                    format, piece.channels(), share(codes, outputs, tile, piece), share(scales, outputs, tile, piece));
        }

        private ByteSource share(ByteSource rows, int outputs, int tile, ChannelShare.Piece piece) {
            int row = Math.toIntExact(rows.length() / outputs);
            int[] tiles = IntStream.range(piece.from() / tile, (piece.from() + piece.channels()) / tile)
                    .toArray();
            return ByteSource.piecesOfRows(rows, row, row / (channels / tile), tiles);
        }

        private static ByteSource withRows(ByteSource rows, int outputs, int[] order) {
            return ByteSource.inOrder(rows, Math.toIntExact(rows.length() / outputs), order);
        }
    }

    /**
     * A weight with codes from {@code source}.
     *
     * @param outputs rows
     * @param input how the layer's input is quantized, and the weight's formats
     */
    public QuantizedWeight(int outputs, InputQuantization input, Source source) {
        this.outputs = outputs;
        this.input = input;
        this.source = source;
    }

    /** A weight with these codes and scales, whose formats are the weight formats of {@code input.split()}. */
    public QuantizedWeight(PackedMatrix matrix, InputQuantization input) {
        this(matrix.rows(), input, new Source.Packed(parts(matrix, input)));
    }

    private static List<Part> parts(PackedMatrix matrix, InputQuantization input) {
        List<Partition> split = input.split().partitions();
        List<Part> parts = new ArrayList<>();
        for (PackedPartition packed : matrix.partitions()) {
            parts.add(new Part(
                    packed.format(), packed.channels(), ByteSource.of(packed.codes()), ByteSource.of(packed.scales())));
        }
        boolean fits = split.size() == parts.size();
        for (int i = 0; fits && i < split.size(); i++) {
            fits = split.get(i).channels() == parts.get(i).channels()
                    && Side.WEIGHT.format(split.get(i).formats())
                            == parts.get(i).format();
        }
        if (!fits) {
            throw new IllegalArgumentException("the packed weight does not follow its channel split "
                    + input.split().text());
        }
        return parts;
    }

    /** Rows. */
    public int outputs() {
        return outputs;
    }

    /** How the layer's input is quantized. */
    public InputQuantization input() {
        return input;
    }

    public Source source() {
        return source;
    }

    /** The codes and scales in host memory, read or made now. */
    public PackedMatrix matrix() {
        if (source instanceof Source.Rounded rounded) {
            return WeightQuantizer.ROUND_TO_NEAREST.quantize(
                    rounded.values().values().floats(), outputs, new InputStatistics.None(), input);
        }
        if (source instanceof Source.Made made) {
            return made.matrix().get();
        }
        List<PackedPartition> partitions = new ArrayList<>();
        for (Part part : ((Source.Packed) source).parts()) {
            partitions.add(new PackedPartition(
                    part.format(),
                    input.split().groups(),
                    outputs,
                    part.channels(),
                    part.codes().all(),
                    part.scales().all()));
        }
        return new PackedMatrix(outputs, partitions);
    }

    /** Row {@code order[i]} of this weight as row i; codes are read, or made, when they are wanted, too. */
    public QuantizedWeight withRows(int[] order) {
        return new QuantizedWeight(order.length, input, sourceWithRows(order));
    }

    private Source sourceWithRows(int[] order) {
        if (source instanceof Source.Rounded rounded) {
            return new Source.Rounded(rounded.values().withRows(order));
        }
        if (source instanceof Source.Packed packed) {
            return new Source.Packed(packed.parts().stream()
                    .map(part -> part.withRows(outputs, order))
                    .toList());
        }
        return new Source.Made(() -> matrix().withRows(order));
    }

    /**
     * The channels of the input that device {@code index} of {@code count} has, in their order, if all of them share them.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if they cannot be shared so
     */
    public int[] channelsOf(int index, int count) {
        return ChannelShare.of(input.split(), index, count).numbers(input.order());
    }

    /** The weight over {@link #channelsOf} alone: its input has these channels in this order. */
    public QuantizedWeight share(int index, int count) {
        ChannelShare share = ChannelShare.of(input.split(), index, count);
        InputQuantization own =
                InputQuantization.inOrder(share.own(), input.rule()).with(input.transform());
        return new QuantizedWeight(outputs, own, share(share));
    }

    private Source share(ChannelShare share) {
        if (source instanceof Source.Rounded rounded) {
            return new Source.Rounded(rounded.values().withChannels(share.numbers(input.order())));
        }
        if (source instanceof Source.Packed packed) {
            return share(packed, share);
        }
        return new Source.Made(() -> {
            QuantizedWeight made = new QuantizedWeight(matrix(), input);
            return new QuantizedWeight(outputs, InputQuantization.inOrder(share.own(), input.rule()), made.share(share))
                    .matrix();
        });
    }

    private Source share(Source.Packed packed, ChannelShare share) {
        int tile = share.split().granularity();
        return new Source.Packed(IntStream.range(0, share.pieces().size())
                .filter(i -> share.pieces().get(i).channels() > 0)
                .mapToObj(i -> packed.parts()
                        .get(i)
                        .share(outputs, tile, share.pieces().get(i)))
                .toList());
    }

    /** One weight with the rows of all {@code weights} in their order; empty if they are not for one input. */
    public static Optional<QuantizedWeight> joined(List<QuantizedWeight> weights) {
        InputQuantization input = weights.get(0).input();
        if (weights.stream().anyMatch(weight -> !weight.input().equals(input))) {
            return Optional.empty();
        }
        int outputs = weights.stream().mapToInt(QuantizedWeight::outputs).sum();
        return Optional.of(new QuantizedWeight(outputs, input, joinedSource(weights)));
    }

    private static Source joinedSource(List<QuantizedWeight> weights) {
        List<Source> sources = weights.stream().map(QuantizedWeight::source).toList();
        return all(Source.Rounded.class, sources)
                .flatMap(all -> PlainWeight.joined(
                        all.stream().map(Source.Rounded::values).toList()))
                .<Source>map(Source.Rounded::new)
                .or(() -> all(Source.Packed.class, sources).map(QuantizedWeight::joinedParts))
                .orElseGet(() -> new Source.Made(() -> PackedMatrix.joined(
                        weights.stream().map(QuantizedWeight::matrix).toList())));
    }

    private static <S extends Source> Optional<List<S>> all(Class<S> form, List<Source> sources) {
        return sources.stream().allMatch(form::isInstance)
                ? Optional.of(sources.stream().map(form::cast).toList())
                : Optional.empty();
    }

    private static Source joinedParts(List<Source.Packed> sources) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < sources.get(0).parts().size(); i++) {
            int index = i;
            Part first = sources.get(0).parts().get(i);
            List<Part> rows =
                    sources.stream().map(packed -> packed.parts().get(index)).toList();
            parts.add(new Part(
                    first.format(),
                    first.channels(),
                    ByteSource.joined(rows.stream().map(Part::codes).toList()),
                    ByteSource.joined(rows.stream().map(Part::scales).toList())));
        }
        return new Source.Packed(parts);
    }
}
