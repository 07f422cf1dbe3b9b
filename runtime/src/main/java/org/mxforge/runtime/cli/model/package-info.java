/** Commands that take a model: its way from calibration over quantization and tuning to text, scores and logits. */
package org.mxforge.runtime.cli.model;
