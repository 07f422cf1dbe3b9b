package org.mxforge.runtime.convert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.Refinement;
import org.mxforge.runtime.quant.WeightQuantizer;

/** A recipe carried out for one checkpoint: what each of its linear sites and layers becomes. */
public final class QuantizationPlan {
    private record Planned(InputQuantization input, InputStatistics statistics) {}

    private final Recipe recipe;
    private final Checkpoint source;
    private final Checkpoint changed;
    private final Map<LinearSite, InputQuantization> sites = new LinkedHashMap<>();
    private final Function<LinearLayer, QuantizedWeight> layers;

    /**
     * Plans {@code recipe} for {@code source}, a plain checkpoint.
     *
     * @param calibration of this model, needed by recipes that name a partitioning
     * @throws MxForgeException if the checkpoint is quantized, the recipe quantizes nothing, lacks its calibration, or does not fit a site's width
     */
    public QuantizationPlan(Recipe recipe, Checkpoint source, Optional<CalibrationReport> calibration) {
        List<LinearSite> all = plainSites(source);
        this.recipe = recipe;
        this.source = source;
        Map<String, Planned> planned = new LinkedHashMap<>();
        for (LinearSite site : all) {
            InputQuantization input = recipe.input(site, calibration);
            Planned own = new Planned(input, statistics(site, calibration));
            sites.put(site, input);
            site.layers().forEach(layer -> planned.put(layer.name(), own));
        }
        this.changed = source.with(recipe.transform(all, calibration));
        this.layers = layer -> rounded(layer, planned.get(layer.name()));
    }

    /**
     * Plans what {@code refinement} found for {@code source}, the plain checkpoint that it looked at.
     *
     * @throws MxForgeException if the checkpoint is quantized
     */
    public QuantizationPlan(Recipe recipe, Checkpoint source, Refinement refinement) {
        this.recipe = recipe;
        this.source = source;
        plainSites(source).forEach(site -> sites.put(site, refinement.input(site)));
        this.changed = source.with(refinement.transform());
        this.layers = refinement::weight;
    }

    private static List<LinearSite> plainSites(Checkpoint source) {
        if (QuantizedTensors.in(source.weights().store())) {
            throw new MxForgeException(source.folder() + " is quantized already: start from the original checkpoint");
        }
        return source.config().linearSites();
    }

    private InputStatistics statistics(LinearSite site, Optional<CalibrationReport> calibration) {
        InputStatistics.Kind needed = recipe.quantizer().needs();
        if (needed == InputStatistics.Kind.NONE) {
            return new InputStatistics.None();
        }
        return calibration
                .map(report -> report.site(site.name(), site.channels()).statistics())
                .filter(statistics -> statistics.kind() == needed)
                .orElseThrow(() -> new MxForgeException("the recipe " + recipe.text()
                        + " needs statistics that a saved calibration does not hold: calibrate with this recipe"));
    }

    public Recipe recipe() {
        return recipe;
    }

    /** The plain checkpoint. */
    Checkpoint source() {
        return source;
    }

    /** The source's weights as they are before anything is rounded. */
    WeightReader weights() {
        return changed.weights();
    }

    /** The tensors that the source does not have. */
    Set<String> added() {
        return changed.weights().added();
    }

    /** Whether the output head was the embedding table and no longer is. */
    boolean unties() {
        return source.config().tiedEmbeddings() && !changed.config().tiedEmbeddings();
    }

    /** The sites in the order of the model. */
    public Map<LinearSite, InputQuantization> sites() {
        return Collections.unmodifiableMap(sites);
    }

    /** Mean bits of a value of the linear sites' inputs, its share of the scales included. */
    public double activationBits() {
        double bits = 0;
        long channels = 0;
        for (InputQuantization input : sites.values()) {
            int scales = input.split().partitions().stream()
                    .mapToInt(part -> input.split().groups().count(part.channels()))
                    .sum();
            bits += input.split().activationBits() * input.split().channels() + (double) Byte.SIZE * scales;
            channels += input.split().channels();
        }
        return bits / channels;
    }

    /** The checkpoint with its layers quantized while they are loaded: the same bits as in one that was saved. */
    public Checkpoint inMemory() {
        return changed.with(layer -> Optional.of(quantize(layer)));
    }

    /**
     * The quantized weight of {@code layer}, which is read and quantized when it is wanted.
     *
     * @throws MxForgeException naming the tensor if it is missing or misshapen, or later if it holds a NaN or an infinity
     */
    QuantizedWeight quantize(LinearLayer layer) {
        return layers.apply(layer);
    }

    private QuantizedWeight rounded(LinearLayer layer, Planned planned) {
        WeightReader weights = changed.weights();
        String name = layer.name() + ".weight";
        boolean nearest = recipe.quantizer() == WeightQuantizer.ROUND_TO_NEAREST && !weights.changes(name);
        QuantizedWeight.Source codes = nearest
                ? new QuantizedWeight.Source.Rounded(weights.plain(name, layer.outputs(), layer.channels()))
                : new QuantizedWeight.Source.Made(() -> recipe.quantizer()
                        .quantize(
                                weights.f32(name, layer.outputs(), layer.channels()),
                                layer.outputs(),
                                planned.statistics(),
                                planned.input()));
        return new QuantizedWeight(layer.outputs(), planned.input(), codes);
    }
}
