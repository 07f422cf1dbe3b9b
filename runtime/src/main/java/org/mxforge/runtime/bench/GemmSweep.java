package org.mxforge.runtime.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.MxForgeException;

/**
 * GEMMs to be measured: each format mix on each number of tokens and each weight.
 *
 * @param formats what is multiplied
 * @param variants how; empty for every way that the GPU has
 * @param ms tokens
 * @param weights sizes of the weight
 * @param pace how the card is to be found
 */
public record GemmSweep(
        List<FormatMix> formats, List<GemmVariant> variants, List<Integer> ms, List<WeightShape> weights, Pace pace) {
    public GemmSweep {
        formats = List.copyOf(formats);
        variants = List.copyOf(variants);
        ms = List.copyOf(ms);
        weights = List.copyOf(weights);
        for (int m : ms) {
            if (m <= 0) {
                throw new IllegalArgumentException("the number of tokens is " + m + ": give 1 or more");
            }
        }
        for (FormatMix mix : formats) {
            weights.forEach(weight -> mix.split(weight.k()));
        }
    }

    /** What a rate is set against: how it is reckoned depends on the question. */
    private interface Yardstick {
        BenchRow row(String peer, FormatMix formats, int m, WeightShape weight, Rate rate);
    }

    /**
     * All bytes and operations over time, against the floor of this class of GPU.
     *
     * @param rows told of each result at once
     */
    public void gemm(BenchGpu gpu, Consumer<BenchRow> rows) {
        Optional<DevicePeaks> peaks = gpu.peaks();
        run(gpu, rows, (peer, formats, m, weight, rate) -> {
            OptionalDouble fraction = peaks.map(
                            p -> OptionalDouble.of(p.floorMillis(rate.bytes(), rate.flops()) / rate.millis()))
                    .orElse(OptionalDouble.empty());
            return BenchRow.measured(peer, m, weight.n(), weight.k(), rate, fraction);
        });
    }

    /**
     * Bytes of packed weights over time, against {@code copy}, the bandwidth of a large copy.
     *
     * @param rows told of each result at once
     */
    public void decode(BenchGpu gpu, Rate copy, Consumer<BenchRow> rows) {
        run(gpu, rows, (peer, formats, m, weight, rate) -> {
            Rate weights = new Rate(rate.millis(), formats.bytes(Side.WEIGHT, weight.n(), weight.k()), rate.flops());
            return BenchRow.measured(
                    peer,
                    m,
                    weight.n(),
                    weight.k(),
                    weights,
                    OptionalDouble.of(weights.gigabytesPerSecond() / copy.gigabytesPerSecond()));
        });
    }

    private void run(BenchGpu gpu, Consumer<BenchRow> rows, Yardstick yardstick) {
        for (FormatMix mix : formats) {
            for (GemmVariant variant : variants.isEmpty() ? GemmVariant.of(gpu.target()) : variants) {
                for (int m : ms) {
                    weights.forEach(weight -> rows.accept(row(gpu, mix, variant, m, weight, yardstick)));
                }
            }
        }
    }

    private BenchRow row(
            BenchGpu gpu, FormatMix mix, GemmVariant variant, int m, WeightShape weight, Yardstick yardstick) {
        String peer = variant.peer(mix);
        try (BenchKernel kernel = variant.setUp(gpu, mix, m, weight)) {
            Rate rate = new Rate(gpu.timer().millis(kernel, pace), kernel.bytes(), kernel.flops());
            return yardstick.row(peer, mix, m, weight, rate);
        } catch (MxForgeException | IllegalArgumentException e) {
            // Such as operands that do not fit: the others can still be measured.
            return BenchRow.failed(peer, m, weight.n(), weight.k(), e.getMessage());
        }
    }
}
