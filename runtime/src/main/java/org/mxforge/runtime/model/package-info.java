/**
 * Models: configuration, tokenizer, weights and the decoder that is written once for all families against
 * {@link org.mxforge.runtime.exec.spi.Backend}, and text generation with it.
 */
package org.mxforge.runtime.model;
