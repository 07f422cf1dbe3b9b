package org.mxforge.runtime;

/**
 * What a model wrote after a prompt.
 *
 * @param ids its tokens, without one that ends a text
 * @param text the same in words
 */
public record Generation(int[] ids, String text) {}
