/**
 * The operations of a decoder as one interface, which the CPU and CUDA backends implement.
 *
 * <p>What runs is a {@link org.mxforge.runtime.exec.spi.Batch}: tokens of any number of sequences, one row each. Operations read token
 * ids, positions and the pages of the key/value cache from the batch's memory and know neither a sequence nor a length. The same
 * operations over the same memory are therefore the same step, whatever was put into the batch, and can be recorded, see
 * {@link org.mxforge.runtime.exec.spi.Backend.RecordedStep}: all that the host does for the next token is to write the batch and to read what
 * was sampled. Batches and caches are classes, not interfaces, since what they hold is the same on every device; a backend
 * adds the memory.
 *
 * <p>All experts of a layer are one operation, {@link org.mxforge.runtime.exec.spi.Experts}, because a backend may run them together and
 * decide by itself where tokens go. {@link org.mxforge.runtime.exec.spi.SeparateExperts} does it with the other operations, one expert
 * after the other: what a backend has that knows no better way, and what calibration watches.
 */
package org.mxforge.runtime.exec.spi;
