/**
 * What the generated kernels are held against: a host quantizer and a GEMM written for plainness, operands on which floating
 * point makes no error in any order, and the error bound for those on which it does. Nothing here is shared with a kernel
 * but the codecs of {@code dsl}.
 */
package org.mxforge.runtime.oracle;
