package org.mxforge.runtime.pack;

import org.mxforge.dsl.format.ElementFormat;

/**
 * One partition of a folded operand in host memory.
 *
 * @param format MX format it was folded from
 * @param channels columns before padding, a multiple of 32
 * @param tiles {@link org.mxforge.dsl.layout.ContainerTile} or {@link org.mxforge.dsl.layout.FragmentTile}
 */
public record FoldedPartition(ElementFormat format, int channels, byte[] tiles) {}
