package org.mxforge.runtime.quant;

/**
 * An algorithm that turns the weight of a linear layer into codes and scales. Which formats, order of channels and scale rule
 * it works in is the recipe's choice; how each value becomes a code is the algorithm's. Implementations are immutable and
 * called with one layer at a time.
 */
public interface WeightQuantizer {
    /** Every value to the code next to it, scales by the rule alone; needs to know nothing about the inputs. */
    WeightQuantizer ROUND_TO_NEAREST = new RoundToNearest();

    /** What it must know about the inputs of a layer; calibration gathers it. */
    InputStatistics.Kind needs();

    /**
     * Quantizes one layer.
     *
     * @param weight [outputs][channels], row-major, finite, channels in the order of the checkpoint; not to be changed
     * @param statistics of the layer's inputs, of the kind that {@link #needs} asks for
     * @param input the channels' order, split and scale rule; the result has the weight formats of the split
     */
    PackedMatrix quantize(float[] weight, int outputs, InputStatistics statistics, InputQuantization input);
}
