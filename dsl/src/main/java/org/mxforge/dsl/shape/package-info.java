/**
 * Sizes of problems, as kernels are tuned for them, and what a problem of some size comes to: bytes and products, whatever kernel
 * does it.
 */
package org.mxforge.dsl.shape;
