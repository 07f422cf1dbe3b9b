/**
 * Quantized weights and the recipes that make them.
 *
 * <p>A {@link org.mxforge.runtime.quant.Recipe} says what to do to every linear layer of the decoder blocks; it is data with
 * one canonical text. Uniform recipes quantize each site whole. {@link org.mxforge.runtime.quant.MicroMixRecipe} orders the
 * channels of a site by how large calibration found them and cuts them into an FP4, an FP6 and an FP8 part. What stays plain
 * in all recipes: embeddings, norms, routers and the output head.
 *
 * <p>This package knows neither models nor files: calibration lives in {@code runtime.calibration}, the saved form in {@code store},
 * the way from one checkpoint to another in {@code runtime.convert}.
 */
package org.mxforge.runtime.quant;
