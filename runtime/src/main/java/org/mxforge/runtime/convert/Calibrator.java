package org.mxforge.runtime.convert;

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
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.SiteCalibration;
import org.mxforge.runtime.quant.SiteStatistics;

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
     * Cuts a text into samples for this model: its lines in random order, those of more than {@code window} tokens in pieces.
     *
     * @param count samples at most
     * @param seed decides the order
     * @return tokens of each sample, at least one sample
     * @throws MxForgeException if the text holds no token
     */
    public List<int[]> samples(String text, int window, int count, long seed) {
        return CalibrationSamples.lines(checkpoint.tokenizer(), text, window, count, seed);
    }

    /**
     * Cuts texts into contiguous windows for this model, in random order, as many of each text as there are.
     *
     * @param count windows at most
     * @throws MxForgeException if a text has not one whole window
     */
    public List<int[]> windows(List<String> texts, int window, int count, long seed) {
        return CalibrationSamples.windows(checkpoint.tokenizer(), texts, window, count, seed);
    }

    /**
     * Measures.
     *
     * @param partitioning how channels are to be ordered and cut
     * @param kind what is gathered besides; the algorithm that quantizes the weights says it
     * @param samples tokens of each piece of text
     * @param progress told of the tokens of each piece that is done
     * @throws MxForgeException naming the site whose input is not finite or whose channels cannot be cut as wanted
     */
    public CalibrationReport run(
            Partitioning partitioning, InputStatistics.Kind kind, List<int[]> samples, LongConsumer progress) {
        Map<String, SiteStatistics> sites =
                SiteStatistics.of(checkpoint.config().linearSites(), partitioning, kind);
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
