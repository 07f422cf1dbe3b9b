package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.torch.TorchFile;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PartCounts;
import org.mxforge.runtime.quant.SiteCalibration;

/**
 * What the calibration of MicroMix (github.com/lwy2020/MicroMix) saves: three files with a number, or a list of them, for the input of each
 * linear layer, such as {@code layers.0.self_attn.q_proj.input}: channels in the order of their size, and how many of the last go to FP8 and
 * of those before to FP6.
 */
public final class MicroMixCalibration {
    private static final String INDEX = "_reorder_index";
    private static final String MODEL = "model.";
    private static final String INPUT = ".input";

    private final Path file;
    private final Map<String, int[]> orders;
    private final Map<String, int[]> p6;
    private final Map<String, int[]> p8;

    private MicroMixCalibration(Path file) {
        this.file = file;
        this.orders = TorchFile.wholeNumbers(file);
        this.p6 = TorchFile.wholeNumbers(beside("_p6_num"));
        this.p8 = TorchFile.wholeNumbers(beside("_p8_num"));
    }

    private Path beside(String what) {
        String name = file.getFileName().toString();
        if (!name.contains(INDEX)) {
            throw new MxForgeException(file + " is not named as MicroMix names its orders, such as saved/NAME" + INDEX
                    + "_wikitext2.pt: the files of the counts are found by that name");
        }
        return file.resolveSibling(name.replace(INDEX, what));
    }

    /**
     * Reads {@code file}, the orders, and the counts beside it.
     *
     * @param checkpoint of the model that they are for
     * @throws MxForgeException naming what is missing, damaged or does not fit
     */
    public static CalibrationReport read(Path file, Checkpoint checkpoint) {
        MicroMixCalibration saved = new MicroMixCalibration(file);
        List<SiteCalibration> sites = new ArrayList<>();
        Map<String, PartCounts> sizings = new HashMap<>();
        for (LinearSite site : checkpoint.config().linearSites()) {
            SiteCalibration found = saved.site(site);
            sites.add(found);
            PartCounts first = sizings.computeIfAbsent(site.sizing(), sizing -> found.counts());
            if (!first.equals(found.counts())) {
                throw saved.unfit(
                        site.name() + " is cut otherwise than the experts beside it, which run together here");
            }
        }
        saved.requireNoOther(checkpoint);
        return CalibrationReport.given(sites);
    }

    private SiteCalibration site(LinearSite site) {
        SiteCalibration first = null;
        for (LinearLayer layer : site.layers()) {
            SiteCalibration found = layer(site.name(), layer);
            if (first != null && !first.equals(found)) {
                throw unfit(layer.name() + " is ordered or cut otherwise than "
                        + site.layers().get(0).name() + ", with which it shares its input here");
            }
            first = found;
        }
        return first;
    }

    private SiteCalibration layer(String site, LinearLayer layer) {
        String key = layer.name().substring(MODEL.length()) + INPUT;
        int[] order = orders.get(key);
        if (order == null) {
            throw unfit("it has no '" + key + "'");
        }
        int channels = layer.channels();
        if (order.length != channels) {
            throw unfit("it has " + order.length + " channels for '" + key + "', the model " + channels);
        }
        int six = count(p6, "_p6_num", key);
        int eight = count(p8, "_p8_num", key);
        long four = (long) channels - six - eight;
        try {
            return SiteCalibration.given(
                    site, new PartCounts((int) Math.max(four, Integer.MIN_VALUE), six, eight), order);
        } catch (IllegalArgumentException e) {
            throw unfit(e.getMessage() + ", those of '" + key + "' and its " + channels + " channels");
        }
    }

    private int count(Map<String, int[]> counts, String what, String key) {
        int[] found = counts.get(key);
        if (found == null || found.length != 1) {
            throw unfit(beside(what) + " has no count for '" + key + "'");
        }
        return found[0];
    }

    /** A router's input is the experts' own. */
    private void requireNoOther(Checkpoint checkpoint) {
        for (String key : new TreeSet<>(orders.keySet())) {
            String layer = MODEL + key.substring(0, Math.max(0, key.length() - INPUT.length()));
            if (!checkpoint.weights().store().has(layer + ".weight")) {
                throw unfit("it has '" + key + "', which the model has not");
            }
        }
    }

    private MxForgeException unfit(String why) {
        return new MxForgeException(
                file + " does not fit this model: " + why + "; give the model that it was made for");
    }
}
