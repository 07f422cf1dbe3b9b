package org.mxforge.runtime;

/**
 * The generated source of a kernel, whatever its language.
 *
 * @param name file name, ending in {@code .cu} or {@code .java}
 * @param text the whole file
 */
public record KernelSource(String name, String text) {}
