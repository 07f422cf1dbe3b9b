package org.mxforge.dsl.launch;

/**
 * Arguments of an unpacking of weights to the FP8 containers that wgmma multiplies.
 *
 * @param rows rows, without those of padding
 * @param channels a multiple of 32
 * @param fragments address of the weights, {@link org.mxforge.dsl.layout.FragmentTile}s
 * @param tiles address of the result, {@link org.mxforge.dsl.layout.ContainerTile}s, rows of padding included
 */
public record MxUnpackArguments(int rows, int channels, long fragments, long tiles) {}
