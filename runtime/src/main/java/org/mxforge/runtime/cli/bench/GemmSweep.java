package org.mxforge.runtime.cli.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.tune.cost.CostModel;

/**
 * GEMMs to be measured: each format mix on each number of tokens and each weight.
 *
 * @param formats what is multiplied
 * @param ways names of algorithms, with {@code _promoted} behind where only promoted sums are meant; empty for all that the GPU has for the formats
 * @param ms tokens
 * @param weights sizes of the weight
 * @param paces how the card is to be found
 */
record GemmSweep(
        List<FormatMix> formats, List<String> ways, List<Integer> ms, List<WeightShape> weights, List<Pace> paces) {
    public GemmSweep {
        formats = List.copyOf(formats);
        ways = List.copyOf(ways);
        ms = List.copyOf(ms);
        weights = List.copyOf(weights);
        paces = List.copyOf(paces);
        for (int m : ms) {
            if (m <= 0) {
                throw new IllegalArgumentException("the number of tokens is " + m + ": give 1 or more");
            }
        }
        for (FormatMix mix : formats) {
            weights.forEach(weight -> mix.split(weight.k()));
        }
    }

    /** One of them. */
    private record Subject(FormatMix formats, GemmWay way, int m, WeightShape weight) {
        Work work() {
            return way.problem(formats).work(GemmWay.shape(formats, m, weight)).orElseThrow();
        }
    }

    /** How fast something was, in what this sweep is about. */
    private interface Reading {
        Rate rate(Subject subject, Rate whole);
    }

    /** What a rate is of the best there can be. */
    private interface Yardstick {
        OptionalDouble fraction(Subject subject, Rate rate);
    }

    /**
     * All bytes and operations over time, against the floor: the time below which no kernel can be on this GPU.
     *
     * @param rows told of each result at once
     */
    public void gemm(BenchGpu gpu, Consumer<GemmRow> rows) {
        Optional<CostModel> bounds = gpu.bounds();
        run(gpu, rows, (subject, whole) -> whole, (subject, rate) -> bounds.map(
                        known -> OptionalDouble.of(known.floor(subject.work()) / rate.millis()))
                .orElse(OptionalDouble.empty()));
    }

    /**
     * Bytes of packed weights over time, against {@code copy}, the bandwidth of a large copy.
     *
     * @param rows told of each result at once
     */
    public void decode(BenchGpu gpu, Rate copy, Consumer<GemmRow> rows) {
        run(gpu, rows, GemmSweep::ofWeights, (subject, rate) -> OptionalDouble.of(rate.ofBandwidth(copy)));
    }

    private static Rate ofWeights(Subject subject, Rate whole) {
        double weights = subject.work()
                .products()
                .mapToDouble(work -> work.n()
                        * work.parts().stream()
                                .mapToDouble(GemmWork.Part::weightRow)
                                .sum())
                .sum();
        return new Rate(whole.millis(), weights, whole.flops());
    }

    private void run(BenchGpu gpu, Consumer<GemmRow> rows, Reading reading, Yardstick yardstick) {
        List<Subject> subjects = subjects(gpu);
        gpu.compile(kernels(gpu, subjects));
        for (Subject subject : subjects) {
            double flopsPerClock = gpu.flopsPerClock(subject.way.elementBits());
            String formats = subject.formats.text();
            new PacedRows(
                            subject.way.peer(subject.formats),
                            subject.m,
                            subject.weight.n(),
                            subject.weight.k(),
                            row -> rows.accept(new GemmRow(
                                    formats,
                                    subject.way.name(),
                                    subject.way.readsFragments(),
                                    subject.way.promoted(),
                                    row)))
                    .measure(
                            gpu.timer(),
                            paces,
                            () -> subject.way.setUp(gpu, subject.formats, subject.m, subject.weight),
                            (whole, megahertz) -> {
                                Rate rate = reading.rate(subject, whole);
                                OptionalDouble utilisation = megahertz.isEmpty()
                                        ? OptionalDouble.empty()
                                        : OptionalDouble.of(rate.utilisation(megahertz.getAsInt(), flopsPerClock));
                                return new Measurement(rate, yardstick.fraction(subject, rate), megahertz, utilisation);
                            });
        }
    }

    private List<Subject> subjects(BenchGpu gpu) {
        List<GemmWay> named =
                ways.stream().map(way -> GemmWay.parse(way, gpu.target())).toList();
        return formats.stream()
                .flatMap(mix -> (named.isEmpty() ? GemmWay.of(gpu.target(), mix) : named)
                        .stream().flatMap(way -> ms.stream()
                                .flatMap(m -> weights.stream().map(weight -> new Subject(mix, way, m, weight)))))
                .toList();
    }

    /** All that will be launched, so that they can be compiled at once. */
    private static Set<KernelVariant> kernels(BenchGpu gpu, List<Subject> subjects) {
        Set<KernelVariant> kernels = new LinkedHashSet<>();
        for (Subject subject : subjects) {
            try {
                kernels.addAll(subject.way.kernels(gpu, subject.formats, subject.m, subject.weight));
            } catch (MxForgeException | IllegalArgumentException e) {
                // Its line will say so.
                continue;
            }
        }
        return kernels;
    }
}
