package org.mxforge.runtime.refine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.model.BlockRunner;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder.ActivationObserver;
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
    private boolean onHost;

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
                        + plan.fingerprint())
                .getBytes(StandardCharsets.UTF_8)));
        return Digests.hex(digest.digest());
    }

    /** The weight of each layer by its name. */
    Map<String, QuantizedWeight> run() {
        if (recipe.round() == Rounding.NEAREST) {
            plans.values().forEach(plan -> keep(plan, nearest(plan)));
            return done;
        }
        int longest = windows.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        try (BlockRunner runner = new BlockRunner(model, backend, longest);
                Progress.Task task = progress.begin("rounding weights", "sites", plans.size())) {
            List<Matrix> plain = runner.embed(windows);
            List<Matrix> quantized = plain.stream().map(runner::copy).toList();
            for (int i = 0; i < runner.blocks(); i++) {
                List<LinearSite> sites = runner.sites(i);
                try (Roundings roundings = new Roundings(runner, i)) {
                    run(runner, i, plain, roundings.plain(), model);
                    round(runner, i, sites.subList(0, 1), roundings, quantized);
                    round(runner, i, sites.subList(1, sites.size()), roundings, quantized);
                }
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

    private void run(
            BlockRunner runner, int index, List<Matrix> streams, ActivationObserver observer, Checkpoint from) {
        try (BlockRunner.Block block = runner.load(from, index, observer)) {
            for (int w = 0; w < windows.size(); w++) {
                block.run(windows.get(w), streams.get(w));
            }
        }
    }

    /** What rounds the sites of a block, each by what is known of its inputs. */
    private final class Roundings implements AutoCloseable {
        private final Map<String, SiteRounding> bySite = new LinkedHashMap<>();
        private final Set<String> compared = new HashSet<>();

        Roundings(BlockRunner runner, int index) {
            for (LinearSite site : runner.sites(index)) {
                bySite.put(site.name(), rounding(plans.get(site.name())));
                // Other tokens may reach an expert once those before it are quantized: there is nothing to compare
                // with.
                if (recipe.round() == Rounding.ASYMMETRIC && !runner.isOfExpert(index, site)) {
                    compared.add(site.name());
                }
            }
        }

        private SiteRounding rounding(SitePlan plan) {
            return backend.rounding(plan.site(), plan.input()).orElseGet(() -> {
                if (backend.memory().isPresent() && !onHost) {
                    onHost = true;
                    progress.warning(backend.device() + " has not the memory to round the weights of "
                            + plan.site().name() + " and others, which takes longer on the CPU.");
                }
                return new HostRounding(backend, plan);
            });
        }

        SiteRounding of(LinearSite site) {
            return bySite.get(site.name());
        }

        ActivationObserver plain() {
            return new Tokens(compared, (site, input) -> bySite.get(site).plain(input));
        }

        ActivationObserver quantized(List<LinearSite> sites) {
            Set<String> names = sites.stream().map(LinearSite::name).collect(Collectors.toSet());
            return new Tokens(names, (site, input) -> bySite.get(site).add(input));
        }

        @Override
        public void close() {
            bySite.values().forEach(SiteRounding::close);
        }
    }

    /** Inputs of some sites, on the device where they are. */
    private record Tokens(Set<String> sites, BiConsumer<String, LinearInput> taker) implements ActivationObserver {
        @Override
        public boolean wants(String site) {
            return sites.contains(site);
        }

        @Override
        public void observe(String site, LinearInput input, Backend backend) {
            taker.accept(site, input);
        }

        @Override
        public void observe(String site, float[] values, int rows, int channels) {
            throw new IllegalStateException("inputs stay on their device");
        }
    }

    /** Rounds sites of a block none of which reads what another makes; as before, if this was done before. */
    private void round(
            BlockRunner runner, int index, List<LinearSite> sites, Roundings roundings, List<Matrix> streams) {
        String names = sites.stream().map(LinearSite::name).collect(Collectors.joining(","));
        ByteBuffer found = ByteBuffer.wrap(cache.get(
                "weights", List.of(planned, names), () -> bytes(roundNow(runner, index, sites, roundings, streams))));
        for (LinearSite site : sites) {
            SitePlan plan = plans.get(site.name());
            PackedMatrix packed = PackedMatrix.zeros(plan.input().split(), Side.WEIGHT, site.outputs());
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
            BlockRunner runner, int index, List<LinearSite> sites, Roundings roundings, List<Matrix> streams) {
        List<Matrix> copies = streams.stream().map(runner::copy).toList();
        run(runner, index, copies, roundings.quantized(sites), variant());
        copies.forEach(Matrix::close);
        return sites.stream()
                .map(site -> round(plans.get(site.name()), roundings.of(site)))
                .toList();
    }

    private PackedMatrix round(SitePlan plan, SiteRounding rounding) {
        Optional<SiteRounding.Rounded> found = rounding.round(plan.weight());
        found.filter(rounded -> rounded.damped() > 0)
                .ifPresent(rounded -> damped.add(plan.site().name()));
        // To the nearest where no token reached an expert.
        return found.map(SiteRounding.Rounded::weight).orElseGet(() -> nearest(plan));
    }

    private static PackedMatrix nearest(SitePlan plan) {
        return WeightRounding.of(
                HostRounding.doubles(plan.weight()), plan.input().split(), null);
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
