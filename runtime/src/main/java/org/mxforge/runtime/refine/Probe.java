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
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.BlockRunner;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
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

    private final List<float[]> reference = new ArrayList<>();

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
        }
        for (int w = 0; w < windows.size(); w++) {
            reference.add(logProbabilities(w, streams.get(w)));
        }
        streams.forEach(Matrix::close);
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
        Checkpoint variant = plain.with(
                layer -> site.layers().contains(layer) ? Optional.of(rounded(layer, input)) : Optional.empty());
        List<Matrix> streams = before.get(index).stream().map(runner::copy).toList();
        try (BlockRunner.Block changed = runner.load(variant, index, null)) {
            run(index, changed, streams);
        }
        for (int next = index + 1; next < blocks.size(); next++) {
            run(next, blocks.get(next), streams);
        }
        double sum = 0;
        for (int w = 0; w < windows.size(); w++) {
            sum += divergence(reference.get(w), logProbabilities(w, streams.get(w)));
        }
        streams.forEach(Matrix::close);
        return sum / windows.stream().mapToInt(ids -> ids.length).sum();
    }

    private QuantizedWeight rounded(LinearLayer layer, InputQuantization input) {
        return new QuantizedWeight(
                layer.outputs(),
                input,
                new QuantizedWeight.Source.Rounded(
                        plain.weights().plain(layer.name() + ".weight", layer.outputs(), layer.channels())));
    }

    private void run(int index, BlockRunner.Block block, List<Matrix> streams) {
        for (int w = 0; w < windows.size(); w++) {
            block.run(windows.get(w), streams.get(w));
        }
    }

    /** Log probabilities after each token, [tokens][vocabulary]. */
    private float[] logProbabilities(int window, Matrix stream) {
        int[] ids = windows.get(window);
        float[] logits = runner.logits(ids, stream);
        int vocabulary = logits.length / ids.length;
        IntStream.range(0, ids.length).parallel().forEach(row -> {
            int from = row * vocabulary;
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = from; i < from + vocabulary; i++) {
                largest = Math.max(largest, logits[i]);
            }
            double sum = 0;
            for (int i = from; i < from + vocabulary; i++) {
                sum += Math.exp(logits[i] - largest);
            }
            float log = (float) (largest + Math.log(sum));
            for (int i = from; i < from + vocabulary; i++) {
                logits[i] -= log;
            }
        });
        return logits;
    }

    /** Sum over all tokens of the divergence of {@code found} from {@code expected}, both log probabilities. */
    private static double divergence(float[] expected, float[] found) {
        return IntStream.range(0, expected.length)
                .parallel()
                .mapToDouble(i -> expected[i] < -30 ? 0 : Math.exp(expected[i]) * (expected[i] - found[i]))
                .sum();
    }

    @Override
    public void close() {
        blocks.forEach(BlockRunner.Block::close);
        before.forEach(streams -> streams.forEach(Matrix::close));
        runner.close();
    }
}
