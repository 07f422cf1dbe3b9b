/**
 * Texts to tokens and back, by the {@code tokenizer.json} of a checkpoint and the tokenizers library of Hugging Face, which is native code:
 * files that nobody vouches for are checked ({@code TokenizerFile}) and tried in a process of their own ({@code TokenizerTrial},
 * {@code TokenizerWorker}) before the library sees them here.
 */
package org.mxforge.runtime.model.tokenizer;
