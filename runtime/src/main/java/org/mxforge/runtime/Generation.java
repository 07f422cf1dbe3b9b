package org.mxforge.runtime;

/**
 * What a model wrote after a prompt.
 *
 * @param ids its tokens, without one that ends a text
 * @param text what they add to the prompt: the pieces that a listener was told, together
 */
public record Generation(int[] ids, String text) {}
