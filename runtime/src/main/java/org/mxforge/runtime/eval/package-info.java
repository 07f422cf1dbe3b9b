/** Measuring models: perplexity of a text. */
package org.mxforge.runtime.eval;
