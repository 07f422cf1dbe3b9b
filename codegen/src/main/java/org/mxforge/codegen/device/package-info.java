/**
 * The one source of the numerics: Java methods marked {@link org.mxforge.dsl.format.DeviceFunction}, which the oracle runs
 * as they are, parsed and written again as CUDA device functions. The language between the two is kept so small that both
 * sides mean the same bits; whatever falls outside is refused instead of guessed at.
 */
package org.mxforge.codegen.device;
