/**
 * Models: weights and the decoder that is written once for all families against {@link org.mxforge.runtime.exec.spi.Backend}, and text
 * generation with it: of one text ({@link org.mxforge.runtime.model.Generator}), or of many that come and go
 * ({@link org.mxforge.runtime.model.ContinuousBatch}). Configurations are in {@code model.family}, tokenizers in {@code model.tokenizer}.
 */
package org.mxforge.runtime.model;
