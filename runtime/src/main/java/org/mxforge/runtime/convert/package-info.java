/**
 * From a plain checkpoint to quantized layers. {@link org.mxforge.runtime.convert.Calibrator} runs text through the plain model
 * and measures every linear site's input; {@link org.mxforge.runtime.convert.QuantizationPlan} is a recipe carried out for one
 * checkpoint, which is then either written as a checkpoint of its own, or made while the model is loaded, to try a recipe
 * without a file. A {@link org.mxforge.runtime.convert.ForeignFormat} is how another program has such a checkpoint: plans are written in
 * it, and a {@link org.mxforge.runtime.convert.CheckpointImport} reads it. Layers are quantized one at a time, so that memory stays at one layer however large the model.
 */
package org.mxforge.runtime.convert;
