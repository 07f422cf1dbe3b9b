/**
 * The embedded default: a small Llama checkpoint in Hugging Face layout and two texts, so that calibration, quantization and
 * evaluation run from the jar alone. The checkpoint (5.77 M parameters, BF16, 11.5 MB) was trained for this project on
 * documentation paragraphs; the texts were written for it and do not overlap, so that a model is never scored on what it was
 * calibrated on. A checkpoint is mapped, not read, and so the files are unpacked to a cache folder once.
 */
package org.mxforge.runtime.demo;
