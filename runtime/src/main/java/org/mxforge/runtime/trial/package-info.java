/**
 * Trials of GEMMs and quantizers on real devices: the operands that candidates are checked and timed on, and the devices
 * themselves.
 */
package org.mxforge.runtime.trial;
