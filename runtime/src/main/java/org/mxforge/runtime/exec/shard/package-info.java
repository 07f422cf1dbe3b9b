/**
 * Devices of one kind that share a model (tensor parallelism). {@link org.mxforge.runtime.exec.shard.ShardedBackend} is one backend made of
 * several: each operation of a decoder is asked of every device, on matrices that are as wide as its part, so that a decoder is written
 * once and does not know how many there are. The CPU can be such devices, too, one after the other, which is how it is tested without a GPU.
 *
 * <p>Query, key and value, and gate and up, are cut by outputs: each device has as many key/value heads with the query heads that share them,
 * and as many of the channels between gate and down. Down is cut by these channels, of every partition of its input a part, so that groups
 * and their scales stay whole, and no value is quantized otherwise than on one device; gate and up have the rows that make its part.
 * The output projection is on every device whole. Its input is ordered across heads by recipes with several partitions, whose groups
 * would be torn; and what is exchanged for it is then not the sum, FP32 in the width of the residual stream, but the other devices' heads, BF16:
 * at 2,048 tokens of an 8B model that is a quarter of the bytes, worth more than half of the smallest product of the layer.
 *
 * <p>So a layer has two exchanges. Before the output projection each device joins the heads of all ({@code joinParts}), and behind down it
 * adds the summands of all to its residual stream ({@code addParts}), in the order of the devices: all have the same bits then, and
 * whatever follows agrees, norms, quantized inputs and routes of tokens, without a word. Kernels read the other devices' memory
 * directly, in the one pass that needs it; nothing is copied. The devices wait for each other before an exchange, and not behind
 * it: what one reads of another is kept until the next exchange, for which all have waited.
 *
 * <p>Embedding and output head are on the first device alone. The others read the rows of the embedding where they lie. The head is not worth
 * cutting where prompts are read, and is a part of a step that writes: on an H200 a quarter of a millisecond for 128,256 tokens of
 * the vocabulary, of which two GPUs would save half, and pay for gathering the logits before one of them samples.
 *
 * <p>A step is recorded as one graph across the devices. One thread drives all of them.
 */
package org.mxforge.runtime.exec.shard;
