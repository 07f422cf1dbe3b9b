/** GEMMs and quantizers set up on a GPU to be checked and timed: what the tuner tries its candidates on. */
package org.mxforge.runtime.tune.device;
