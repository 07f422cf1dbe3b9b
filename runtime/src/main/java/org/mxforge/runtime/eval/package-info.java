/** Measuring models: perplexity of a text, and logits for comparison with other implementations. */
package org.mxforge.runtime.eval;
