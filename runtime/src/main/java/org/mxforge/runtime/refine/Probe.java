package org.mxforge.runtime.refine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.model.BlockRunner;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * How much a model's output suffers when one site alone is brought into E2M1, its activations or its weights; the other side is in E4M3,
 * which costs little and is what kernels multiply. Runs begin at the site's block, from the residual streams of the plain model.
 */
final class Probe implements AutoCloseable {
    private static final FormatPair ACTIVATIONS = new FormatPair(ElementFormat.E2M1, ElementFormat.E4M3);
    private static final FormatPair WEIGHTS = new FormatPair(ElementFormat.E4M3, ElementFormat.E2M1);

    private final Checkpoint plain;
    private final BlockRunner runner;
    private final List<int[]> windows;
    private final List<BlockRunner.Block> blocks = new ArrayList<>();

    /** Before each block, the residual stream of each window. */
    private final List<List<Matrix>> before = new ArrayList<>();

    private final List<Expected> reference = new ArrayList<>();

    /** With the weights of the block that is changed, which are loaded for each of its sites twice. */
    private Optional<Checkpoint> kept = Optional.empty();

    /**
     * What the output loses: mean divergence of its distributions from the plain model's, in nats.
     *
     * @param activations when they alone are in E2M1
     * @param weights the same of them
     */
    record Loss(double activations, double weights) {}

    private Probe(Checkpoint plain, Backend backend, List<int[]> windows) {
        this.plain = plain;
        this.windows = windows;
        runner = new BlockRunner(
                plain,
                backend,
                windows.stream().mapToInt(ids -> ids.length).max().orElseThrow());
        List<Matrix> streams = runner.embed(windows);
        for (int i = 0; i < runner.blocks(); i++) {
            blocks.add(runner.load(plain, i, null));
            before.add(streams.stream().map(runner::copy).toList());
            run(i, blocks.get(i), streams);
            if (!streams.stream().allMatch(stream -> InputPass.isFinite(backend.download(stream)))) {
                throw notFinite(i);
            }
        }
        for (int w = 0; w < windows.size(); w++) {
            reference.add(expected(w, streams.get(w)));
        }
        streams.forEach(Matrix::close);
    }

    /** Runs block {@code index} again, to name the site at which it stops being finite; or what reads the residual stream behind it. */
    private MxForgeException notFinite(int index) {
        try (BlockRunner.Block block =
                runner.load(plain, index, (site, values, rows, channels) -> InputPass.checkFinite(site, values))) {
            run(index, block, before.get(index));
        }
        return SiteRounding.notFinite(
                index + 1 < runner.blocks()
                        ? runner.sites(index + 1).get(0).name()
                        : plain.config().outputHead());
    }

    /**
     * The losses of all sites by their names.
     *
     * @param stage what was done to {@code plain}, for {@code cache}
     * @param progress told of each site that is done
     */
    static Map<String, Loss> of(
            Checkpoint plain,
            Backend backend,
            List<int[]> windows,
            SearchCache cache,
            String stage,
            LongConsumer progress) {
        Map<String, Loss> losses = new LinkedHashMap<>();
        try (Probe probe = new Probe(plain, backend, windows)) {
            for (int i = 0; i < probe.runner.blocks(); i++) {
                int block = i;
                probe.kept = Optional.empty();
                for (LinearSite site : probe.runner.sites(i)) {
                    byte[] found = cache.get("probe", List.of(stage, site.name()), () -> probe.loss(block, site));
                    losses.put(
                            site.name(),
                            new Loss(
                                    ByteBuffer.wrap(found).getDouble(0),
                                    ByteBuffer.wrap(found).getDouble(Double.BYTES)));
                    progress.accept(1);
                }
            }
        }
        return losses;
    }

    /** Both losses of a site, as bytes. */
    private byte[] loss(int index, LinearSite site) {
        return ByteBuffer.allocate(2 * Double.BYTES)
                .putDouble(loss(index, site, ACTIVATIONS))
                .putDouble(loss(index, site, WEIGHTS))
                .array();
    }

    private double loss(int index, LinearSite site, FormatPair formats) {
        InputQuantization input =
                InputQuantization.inOrder(ChannelSplit.uniform(formats, site.channels()), ScaleRule.CEIL);
        Checkpoint own = kept(index);
        Checkpoint variant = own.with(layer -> site.layers().contains(layer)
                ? Optional.of(new QuantizedWeight(
                        layer.outputs(), input, new QuantizedWeight.Source.Rounded(own.plain(layer))))
                : Optional.empty());
        List<Matrix> streams = before.get(index).stream().map(runner::copy).toList();
        try (BlockRunner.Block changed = runner.load(variant, index, null)) {
            run(index, changed, streams);
        }
        for (int next = index + 1; next < blocks.size(); next++) {
            run(next, blocks.get(next), streams);
        }
        double sum = 0;
        for (int w = 0; w < windows.size(); w++) {
            sum += divergence(w, streams.get(w));
        }
        streams.forEach(Matrix::close);
        return sum / windows.stream().mapToInt(ids -> ids.length).sum();
    }

    private Checkpoint kept(int index) {
        Checkpoint keeping = kept.orElseGet(() -> plain.keeping(runner.sites(index).stream()
                .flatMap(site -> site.layers().stream())
                .toList()));
        kept = Optional.of(keeping);
        return keeping;
    }

    private void run(int index, BlockRunner.Block block, List<Matrix> streams) {
        for (int w = 0; w < windows.size(); w++) {
            block.run(windows.get(w), streams.get(w));
        }
    }

    /**
     * What the plain model says of a window.
     *
     * @param probabilities after each token, [tokens][vocabulary]
     * @param logs sum of the probabilities times their logarithms
     */
    private record Expected(float[] probabilities, double logs) {}

    private Expected expected(int window, Matrix stream) {
        int[] ids = windows.get(window);
        int vocabulary = plain.config().vocabulary();
        float[] all = new float[Math.multiplyExact(ids.length, vocabulary)];
        double logs = sum(ids, stream, (rows, from, at, log) -> {
            double row = 0;
            for (int i = 0; i < vocabulary; i++) {
                float probability = (float) Math.exp(rows[from + i] - log);
                all[at + i] = probability;
                row += probability == 0 ? 0 : probability * Math.log(probability);
            }
            return row;
        });
        return new Expected(all, logs);
    }

    /** Sum over all tokens of a window of how far what {@code stream} leads to is from what is expected. */
    private double divergence(int window, Matrix stream) {
        Expected expected = reference.get(window);
        int vocabulary = plain.config().vocabulary();
        return expected.logs
                - sum(windows.get(window), stream, (rows, from, at, log) -> {
                    double row = 0;
                    for (int i = 0; i < vocabulary; i++) {
                        row += expected.probabilities[at + i] * (rows[from + i] - log);
                    }
                    return row;
                });
    }

    /** What is added up of the logits after a token. */
    @FunctionalInterface
    private interface OfToken {
        /**
         * @param from where they begin in {@code rows}
         * @param at where they would begin among those of all tokens
         * @param log of the sum of their exponentials
         */
        double of(float[] rows, int from, int at, double log);
    }

    private double sum(int[] ids, Matrix stream, OfToken token) {
        int vocabulary = plain.config().vocabulary();
        double[] sum = new double[1];
        runner.logits(
                ids,
                stream,
                (rows, first) -> sum[0] += IntStream.range(0, rows.length / vocabulary)
                        .parallel()
                        .mapToDouble(row -> {
                            int from = row * vocabulary;
                            return token.of(rows, from, first * vocabulary + from, log(rows, from, vocabulary));
                        })
                        .sum());
        return sum[0];
    }

    /** The logarithm of a sum of exponentials. */
    private static double log(float[] logits, int from, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(logits[i] - largest);
        }
        return largest + Math.log(sum);
    }

    @Override
    public void close() {
        blocks.forEach(BlockRunner.Block::close);
        before.forEach(streams -> streams.forEach(Matrix::close));
        runner.close();
    }
}
