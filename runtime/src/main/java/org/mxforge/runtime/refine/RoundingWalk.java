package org.mxforge.runtime.refine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.BlockRunner;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.MixedRecipe.Rounding;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Rounds the weights of all sites in the order of the model, each on what reaches it from those before it as they are by then. */
final class RoundingWalk {
    /** Windows whose residual streams are compared. */
    private static final int COMPARED = 4;

    private final Checkpoint model;
    private final Backend backend;
    private final MixedRecipe recipe;
    private final Map<String, SitePlan> plans;
    private final List<int[]> windows;
    private final SearchCache cache;
    private final String planned;
    private final Progress progress;
    private final Map<String, QuantizedWeight> done = new LinkedHashMap<>();
    private final List<Double> drift = new ArrayList<>();
    private final Set<String> damped = new LinkedHashSet<>();

    RoundingWalk(
            Checkpoint model,
            Backend backend,
            MixedRecipe recipe,
            Map<String, SitePlan> plans,
            List<int[]> windows,
            SearchCache cache,
            Progress progress) {
        this.model = model;
        this.backend = backend;
        this.recipe = recipe;
        this.plans = plans;
        this.windows = windows;
        this.cache = cache;
        this.planned = planned(plans);
        this.progress = progress;
    }

    /** What the weights of a site depend on, since those before it decide what reaches it. */
    private static String planned(Map<String, SitePlan> plans) {
        MessageDigest digest = Digests.sha256();
        plans.forEach((site, plan) -> digest.update((site
                        + plan.input().split().text()
                        + Arrays.toString(plan.input().order())
                        + Arrays.hashCode(plan.weight()))
                .getBytes(StandardCharsets.UTF_8)));
        return Digests.hex(digest.digest());
    }

    /** The weight of each layer by its name. */
    Map<String, QuantizedWeight> run() {
        if (recipe.round() == Rounding.NEAREST) {
            plans.values()
                    .forEach(plan -> keep(
                            plan,
                            WeightRounding.of(
                                    doubles(plan.weight()), plan.input().split(), null)));
            return done;
        }
        int longest = windows.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        try (BlockRunner runner = new BlockRunner(model, backend, longest);
                Progress.Task task = progress.begin("rounding weights", "sites", plans.size())) {
            List<Matrix> plain = runner.embed(windows);
            List<Matrix> quantized = plain.stream().map(runner::copy).toList();
            for (int i = 0; i < runner.blocks(); i++) {
                Map<String, List<float[]>> inputs = new LinkedHashMap<>();
                run(
                        runner,
                        i,
                        plain,
                        new Refiner.Observed(
                                (site, values, rows, channels) -> inputs.computeIfAbsent(
                                                site, name -> new ArrayList<>())
                                        .add(values),
                                site -> true),
                        model);
                List<LinearSite> sites = runner.sites(i);
                round(runner, i, sites.subList(0, 1), inputs, quantized);
                round(runner, i, sites.subList(1, sites.size()), inputs, quantized);
                task.advance(sites.size());
                progress.check();
                run(runner, i, quantized, null, variant());
                drift.add(drift(plain, quantized));
            }
            plain.forEach(Matrix::close);
            quantized.forEach(Matrix::close);
        }
        if (!damped.isEmpty()) {
            progress.warning(
                    damped.size() + " sites had inputs whose products are not positive definite and were damped: "
                            + String.join(", ", damped));
        }
        return done;
    }

    /** After each block, how far the quantized path is from the plain one; empty where nothing had to be run. */
    List<Double> drift() {
        return drift;
    }

    private double drift(List<Matrix> plain, List<Matrix> quantized) {
        double distance = 0;
        double length = 0;
        for (int w = 0; w < Math.min(COMPARED, plain.size()); w++) {
            float[] expected = backend.download(plain.get(w));
            float[] found = backend.download(quantized.get(w));
            for (int i = 0; i < expected.length; i++) {
                distance += Math.pow((double) expected[i] - found[i], 2);
                length += (double) expected[i] * expected[i];
            }
        }
        return distance / length;
    }

    private Checkpoint variant() {
        return model.with(layer -> Optional.ofNullable(done.get(layer.name())));
    }

    private void run(BlockRunner runner, int index, List<Matrix> streams, Refiner.Observed observer, Checkpoint from) {
        try (BlockRunner.Block block = runner.load(from, index, observer)) {
            for (int w = 0; w < windows.size(); w++) {
                block.run(windows.get(w), streams.get(w));
            }
        }
    }

    /** What is known of a site's inputs on the quantized path, and how they go together with those of the plain one. */
    private static final class Seen {
        private final Products inputs;
        private final Products cross;
        private final Iterator<float[]> plain;

        /** @param plain inputs of the plain path, in the same order; null where they are not those of the same tokens */
        Seen(int channels, List<float[]> plain) {
            inputs = new Products(channels);
            cross = plain == null ? null : new Products(channels);
            this.plain = plain == null ? null : plain.iterator();
        }

        void add(SitePlan plan, float[] values, int rows) {
            float[] rounded = plan.quantized(plan.order().of(Side.ACTIVATION, values));
            inputs.add(rounded, rounded, rows);
            if (cross != null) {
                cross.add(rounded, plan.order().of(Side.ACTIVATION, plain.next()), rows);
            }
        }
    }

    /** Rounds sites of a block none of which reads what another makes; as before, if this was done before. */
    private void round(
            BlockRunner runner,
            int index,
            List<LinearSite> sites,
            Map<String, List<float[]>> plain,
            List<Matrix> streams) {
        String names = sites.stream().map(LinearSite::name).collect(Collectors.joining(","));
        ByteBuffer found = ByteBuffer.wrap(cache.get(
                "weights", List.of(planned, names), () -> bytes(roundNow(runner, index, sites, plain, streams))));
        for (LinearSite site : sites) {
            SitePlan plan = plans.get(site.name());
            int rows = plan.weight().length / site.channels();
            PackedMatrix packed = PackedMatrix.zeros(plan.input().split(), Side.WEIGHT, rows);
            packed.partitions().forEach(part -> found.get(part.codes()).get(part.scales()));
            keep(plan, packed);
        }
    }

    private static byte[] bytes(List<PackedMatrix> rounded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        rounded.forEach(matrix -> matrix.partitions().forEach(part -> {
            bytes.writeBytes(part.codes());
            bytes.writeBytes(part.scales());
        }));
        return bytes.toByteArray();
    }

    private List<PackedMatrix> roundNow(
            BlockRunner runner,
            int index,
            List<LinearSite> sites,
            Map<String, List<float[]>> plain,
            List<Matrix> streams) {
        Map<String, Seen> seen = new LinkedHashMap<>();
        for (LinearSite site : sites) {
            // Other tokens may reach an expert once those before it are quantized: there is nothing to compare with.
            boolean asymmetric = recipe.round() == Rounding.ASYMMETRIC && !runner.isOfExpert(index, site);
            seen.put(site.name(), new Seen(site.channels(), asymmetric ? plain.get(site.name()) : null));
        }
        List<Matrix> copies = streams.stream().map(runner::copy).toList();
        run(
                runner,
                index,
                copies,
                new Refiner.Observed(
                        (site, values, rows, channels) -> seen.get(site).add(plans.get(site), values, rows),
                        seen::containsKey),
                variant());
        copies.forEach(Matrix::close);
        return sites.stream()
                .map(site -> round(plans.get(site.name()), seen.get(site.name())))
                .toList();
    }

    private PackedMatrix round(SitePlan plan, Seen seen) {
        int channels = plan.site().channels();
        double ridge = seen.inputs.trace() / channels;
        double[] weight = doubles(plan.weight());
        if (ridge == 0) {
            // No token reached this expert.
            return WeightRounding.of(weight, plan.input().split(), null);
        }
        if (seen.cross != null) {
            double[] right = LinearAlgebra.timesTransposed(weight, seen.cross.sum(), channels);
            for (int i = 0; i < right.length; i++) {
                right[i] += ridge * weight[i];
            }
            weight = definite(plan, seen, ridge).solve(right);
        }
        double[] root = definite(plan, seen, 0.01 * ridge).inverseRoot();
        return WeightRounding.of(weight, plan.input().split(), root);
    }

    private Definite definite(SitePlan plan, Seen seen, double ridge) {
        Definite definite = Definite.of(seen.inputs.sum(), plan.site().channels(), ridge);
        if (definite.damped() > 0) {
            damped.add(plan.site().name());
        }
        return definite;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private void keep(SitePlan plan, PackedMatrix all) {
        int from = 0;
        for (LinearLayer layer : plan.site().layers()) {
            int[] rows = IntStream.range(from, from + layer.outputs()).toArray();
            done.put(layer.name(), new QuantizedWeight(all.withRows(rows), plan.input()));
            from += layer.outputs();
        }
    }
}
