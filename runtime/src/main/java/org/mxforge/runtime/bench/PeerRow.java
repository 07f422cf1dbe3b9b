package org.mxforge.runtime.bench;

/**
 * What another program measured.
 *
 * @param peer its name
 * @param m rows
 * @param n columns
 * @param k channels
 * @param millis milliseconds
 */
public record PeerRow(String peer, int m, int n, int k, double millis) {}
