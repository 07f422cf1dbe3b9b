/** Quantizers to MX: the kind, and an algorithm for each layout of the result. */
package org.mxforge.codegen.kernel.quantize;
