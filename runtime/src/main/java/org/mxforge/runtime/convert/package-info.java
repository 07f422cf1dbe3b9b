/**
 * From a plain checkpoint to quantized layers: either written as a checkpoint of its own, or made while a model is loaded, to
 * try a recipe without a file. Layers are quantized one at a time, so that memory stays at one layer however large the model.
 */
package org.mxforge.runtime.convert;
