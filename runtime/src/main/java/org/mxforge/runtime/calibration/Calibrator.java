package org.mxforge.runtime.calibration;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.LinearSite;
import org.mxforge.runtime.quant.Partitioning;

/** Runs samples of text through a plain model and measures the input of every linear site. */
public final class Calibrator {
    private final Checkpoint checkpoint;
    private final Backend backend;

    /**
     * @param checkpoint a plain model
     * @param backend where it runs
     * @throws MxForgeException if the checkpoint is quantized
     */
    public Calibrator(Checkpoint checkpoint, Backend backend) {
        if (QuantizedTensors.in(checkpoint.weights().store())) {
            throw new MxForgeException(
                    checkpoint.folder() + " is quantized already: calibrate the original checkpoint");
        }
        this.checkpoint = checkpoint;
        this.backend = backend;
    }

    /**
     * Measures.
     *
     * @param samples tokens of each piece of text
     * @param progress told of the tokens of each piece that is done
     * @throws MxForgeException naming the site whose input is not finite or whose channels cannot be cut as wanted
     */
    public CalibrationReport run(Partitioning partitioning, List<int[]> samples, LongConsumer progress) {
        Map<String, SiteStatistics> sites = new LinkedHashMap<>();
        Map<String, WidthCounts> families = new HashMap<>();
        for (LinearSite site : checkpoint.config().linearSites()) {
            partitioning.check(site.name(), site.channels());
            WidthCounts widths = families.computeIfAbsent(site.family(), name -> new WidthCounts());
            sites.put(site.name(), new SiteStatistics(site.name(), site.channels(), partitioning, widths));
        }
        long tokens = 0;
        try (Decoder decoder = Decoder.load(checkpoint, backend, (site, values, rows, channels) -> sites.get(site)
                .add(values, rows))) {
            for (int[] sample : samples) {
                try (KvCache cache = decoder.newCache(1, sample.length);
                        KvCache.Sequence sequence = cache.open()) {
                    decoder.run(sequence, sample);
                }
                sites.values().forEach(SiteStatistics::endSample);
                tokens += sample.length;
                progress.accept(sample.length);
            }
        }
        Map<String, SiteCalibration> results = new LinkedHashMap<>();
        sites.forEach((name, statistics) -> results.put(name, statistics.result()));
        return new CalibrationReport(partitioning, samples.size(), tokens, results);
    }
}
