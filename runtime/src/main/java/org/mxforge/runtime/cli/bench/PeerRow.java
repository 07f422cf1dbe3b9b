package org.mxforge.runtime.cli.bench;

/**
 * What another program measured.
 *
 * @param peer its name, without what tells the pace
 * @param pace how the card was found
 * @param m rows
 * @param n columns
 * @param k channels
 * @param millis milliseconds
 */
record PeerRow(String peer, Pace pace, int m, int n, int k, double millis) {}
