/** Commands that make kernels, and look at them without a GPU. */
package org.mxforge.runtime.cli.kernels;
