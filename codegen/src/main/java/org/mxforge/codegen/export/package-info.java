/**
 * Kernels for programs that know nothing of MXForge: CUDA sources with what a launch of them takes, as JSON, as a C header and as
 * text for people, all rendered from the one launch signature that {@link org.mxforge.codegen.launcher} writes Java from.
 *
 * <p>Formulas are written so that C, Python and people read them alike, and are evaluated when a kernel is launched: a launcher knows
 * the GPU then, and sizes.
 */
package org.mxforge.codegen.export;
