/**
 * The operations of a decoder as one interface, which the CPU and CUDA backends implement.
 *
 * <p>All experts of a layer are one operation, {@link org.mxforge.runtime.exec.spi.Experts}, because a backend may run them together and
 * decide by itself where tokens go. {@link org.mxforge.runtime.exec.spi.SeparateExperts} does it with the other operations, one expert
 * after the other: what a backend has that knows no better way, and what calibration watches.
 */
package org.mxforge.runtime.exec.spi;
