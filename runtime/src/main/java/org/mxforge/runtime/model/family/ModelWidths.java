package org.mxforge.runtime.model.family;

/**
 * The widths that all layers of a model share.
 *
 * @param hidden of the residual stream
 * @param intermediate of the gated MLP, of each expert where there are some
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param head of one head
 */
record ModelWidths(int hidden, int intermediate, int heads, int kvHeads, int head) {}
