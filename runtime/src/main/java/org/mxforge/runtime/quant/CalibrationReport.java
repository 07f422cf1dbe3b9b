package org.mxforge.runtime.quant;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;

/**
 * What calibration found at every linear site of a model. Saved as JSON; counts may be changed there by hand.
 *
 * @param partitioning how channels were ordered and cut
 * @param samples pieces of text that went through the model; 0 where nothing was measured here
 * @param tokens their tokens
 * @param sites results by site name, in the order of the model
 */
public record CalibrationReport(
        Partitioning partitioning, int samples, long tokens, Map<String, SiteCalibration> sites) {
    /** Fewer tokens than this at a site say little about it. */
    private static final int FEW_TOKENS = 32;

    public CalibrationReport {
        sites = Collections.unmodifiableMap(new LinkedHashMap<>(sites));
    }

    /**
     * In place of a calibration where there is nothing to measure, such as for random weights: each site cut as {@code partitioning} says,
     * its channels in random order.
     *
     * @param sites of the model, in its order
     * @throws IllegalArgumentException if the sizes of the parts would have to be measured
     * @throws MxForgeException naming a site that cannot be cut so
     */
    public static CalibrationReport shuffled(List<LinearSite> sites, Partitioning partitioning, long seed) {
        if (partitioning.isMeasured()) {
            throw new IllegalArgumentException(partitioning.text() + " must be measured: give shares or counts");
        }
        Random random = new Random(seed);
        // Sizes that are given do not depend on shares; all of them must only not be 0, which means that nothing is
        // known.
        PartShares any = new PartShares(1, 1, 1);
        Map<String, SiteCalibration> results = new LinkedHashMap<>();
        for (LinearSite site : sites) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, site.channels()).boxed().toList());
            Collections.shuffle(order, random);
            results.put(
                    site.name(),
                    new SiteCalibration(
                            site.name(),
                            0,
                            0,
                            any,
                            partitioning.counts(site.name(), site.channels(), any),
                            order.stream().mapToInt(Integer::intValue).toArray(),
                            new InputStatistics.None()));
        }
        return new CalibrationReport(partitioning, 0, 0, results);
    }

    /**
     * What another program found out, without what it measured.
     *
     * @param sites their orders and counts, in the order of the model
     * @return a calibration for recipes by MicroMix's thresholds, of the largest granularity that all counts have
     */
    public static CalibrationReport given(List<SiteCalibration> sites) {
        int granularity = IntStream.of(128, 64, 32)
                .filter(step -> sites.stream().allMatch(site -> site.counts().fits(step)))
                .findFirst()
                .orElseThrow();
        Partitioning usual = Partitioning.DEFAULT;
        Map<String, SiteCalibration> results = new LinkedHashMap<>();
        sites.forEach(site -> results.put(site.site(), site));
        return new CalibrationReport(new Partitioning(usual.metric(), usual.sizes(), granularity), 0, 0, results);
    }

    /**
     * The result at {@code site}.
     *
     * @throws MxForgeException if there is none, or not for so many channels
     */
    public SiteCalibration site(String site, int channels) {
        SiteCalibration found = sites.get(site);
        if (found == null || found.channels() != channels) {
            throw new MxForgeException("the calibration knows "
                    + (found == null ? "no site " + site : site + " with " + found.channels() + " channels")
                    + " but the model has it with " + channels + ": calibrate this model");
        }
        return found;
    }

    /** Mean element width over all sites, each weighed by its channels; scales not counted. */
    public double averageBits() {
        Collection<SiteCalibration> all = sites.values();
        double bits = all.stream()
                .mapToDouble(site -> site.counts().averageBits() * site.channels())
                .sum();
        return bits / all.stream().mapToLong(SiteCalibration::channels).sum();
    }

    /** What should be known before the result is used: a sentence on sites that few tokens have reached, one on those that none has. */
    public List<String> warnings() {
        List<SiteCalibration> poor = sites.values().stream()
                .filter(site -> samples > 0 && site.tokens() < FEW_TOKENS)
                .toList();
        List<SiteCalibration> missed =
                poor.stream().filter(site -> site.tokens() == 0).toList();
        List<SiteCalibration> few =
                poor.stream().filter(site -> site.tokens() > 0).toList();
        List<String> warnings = new ArrayList<>();
        if (!missed.isEmpty()) {
            boolean unshared = missed.stream().allMatch(site -> site.shares().elements() == 0);
            warnings.add("No token reached " + names(missed) + ": channels keep their order there"
                    + (unshared ? " and FP8." : "."));
        }
        if (!few.isEmpty()) {
            warnings.add("Fewer than " + FEW_TOKENS + " tokens reached " + names(few) + ": calibrate on more text.");
        }
        return warnings;
    }

    private static String names(List<SiteCalibration> some) {
        int others = some.size() - 1;
        return some.get(0).site()
                + (others == 0 ? "" : others == 1 ? " and another site" : " and " + others + " other sites");
    }

    /**
     * Writes the report; the file appears complete or not at all.
     *
     * @throws MxForgeException if {@code file} exists or cannot be written
     */
    public void save(Path file) {
        CalibrationJson.write(this, file);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws MxForgeException naming the file and what is wrong in it
     */
    public static CalibrationReport load(Path file) {
        return CalibrationJson.read(file);
    }
}
