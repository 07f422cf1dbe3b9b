/**
 * Model families, and the configuration of a model as its family reads it.
 *
 * <p>A family is one class that says under which names {@code config.json} knows it, which defaults are its own, which layers have a
 * sliding window, and what its
 * decoder layers consist of; {@code ModelFamilies} lists them all. Nothing outside that class depends on the family: the decoder
 * is built from the {@link org.mxforge.runtime.model.family.DecoderLayer}s of a
 * {@link org.mxforge.runtime.model.family.ModelConfig}, which name their tensors, and quantization sees their linear sites. A
 * family with blocks that no other has adds them to {@code DecoderLayer} and to the decoder.
 */
package org.mxforge.runtime.model.family;
