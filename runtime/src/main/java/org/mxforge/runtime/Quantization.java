package org.mxforge.runtime;

import java.util.Map;
import java.util.Optional;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.Refinement;

/**
 * How the linear layers of a model are quantized.
 *
 * @param recipe what is done to them
 * @param calibration what the recipe wants to know about a model's activations, if it does: {@link Engine#calibrate} finds out
 * @param refinement what a recipe that is searched for became, if it is one: {@link Engine#quantization} finds out
 */
public record Quantization(Recipe recipe, Optional<CalibrationReport> calibration, Optional<Refinement> refinement) {
    /** Not at all: the checkpoint as it is. */
    public static final Quantization NONE = by("bf16");

    public Quantization {
        Arguments.require(recipe, "a quantization's recipe is missing: give one, such as Recipe.parse(\"mxfp4\")");
        Arguments.require(
                calibration, "a quantization's calibration is missing: give Optional.empty() where there is none");
        Arguments.require(
                refinement, "a quantization's refinement is missing: give Optional.empty() where there is none");
    }

    /** As {@code recipe} says, without a calibration. */
    public static Quantization by(Recipe recipe) {
        return new Quantization(recipe, Optional.empty(), Optional.empty());
    }

    /**
     * As the recipe with this text says, such as {@code mxfp4} or {@code e4m3xe2m1}; see {@link Recipe}.
     *
     * @throws MxForgeException naming the text, what is wrong with it and what there is
     */
    public static Quantization by(String recipe) {
        return by(Recipe.parse(Arguments.require(recipe, "a recipe is missing: give its text, such as mxfp4")));
    }

    /** The same recipe with what calibration found. */
    public Quantization with(CalibrationReport calibration) {
        return new Quantization(recipe, Optional.of(calibration), refinement);
    }

    /** The same recipe with what was searched for. */
    public Quantization with(Refinement refinement) {
        return new Quantization(recipe, calibration, Optional.of(refinement));
    }

    /** Whether its recipe needs a calibration or a search that is not there. */
    public boolean needsCalibration() {
        return recipe.partitioning().isPresent() && calibration.isEmpty()
                || recipe.mixed().isPresent() && refinement.isEmpty();
    }

    /**
     * Makes sure that a quantized folder is of this recipe.
     *
     * @throws MxForgeException naming both recipes if it is of another
     */
    void requireStored(ModelFolder folder) {
        String stored = folder.recipe().text();
        if (!stored.equals(recipe.text())) {
            throw new MxForgeException(folder.path() + " is quantized already, with recipe " + stored + " and not "
                    + recipe.text() + ": leave out the recipe, or start from the original");
        }
    }

    /** What {@code checkpoint} would take. */
    CheckpointSize size(Checkpoint checkpoint) {
        return recipe.isInt8() ? CheckpointSize.ofInt8(checkpoint) : CheckpointSize.of(plan(checkpoint));
    }

    QuantizationPlan plan(Checkpoint checkpoint) {
        return refinement
                .map(found -> new QuantizationPlan(recipe, checkpoint, found))
                .orElseGet(() -> new QuantizationPlan(recipe, checkpoint, calibration));
    }

    /**
     * How the input of each linear site of {@code folder} is quantized: as it is stored, or as this says.
     *
     * @throws MxForgeException if nothing is quantized, the recipe is not the stored one, lacks its calibration, or does not fit
     */
    Map<LinearSite, InputQuantization> inputs(ModelFolder folder) {
        if (!folder.isQuantized()) {
            if (!recipe.quantizes()) {
                throw new MxForgeException(folder.path()
                        + " is not quantized: name a recipe, such as mxfp4, or a folder that 'mxforge quantize' wrote");
            }
            return plan(folder.checkpoint()).sites();
        }
        if (recipe.quantizes()) {
            requireStored(folder);
        }
        return QuantizedTensors.open(folder.checkpoint().weights())
                .inputs(folder.checkpoint().config().linearSites());
    }

    /** {@code folder}'s checkpoint, its layers quantized while they are loaded: the same bits as from a saved copy. */
    Checkpoint apply(ModelFolder folder) {
        if (!recipe.quantizes()) {
            return folder.checkpoint();
        }
        if (folder.isQuantized()) {
            requireStored(folder);
            return folder.checkpoint();
        }
        return recipe.isInt8()
                ? folder.checkpoint().inInt8()
                : plan(folder.checkpoint()).inMemory();
    }
}
