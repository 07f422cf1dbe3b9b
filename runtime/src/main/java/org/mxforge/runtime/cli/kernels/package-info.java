/** Commands that make kernels without running them. */
package org.mxforge.runtime.cli.kernels;
