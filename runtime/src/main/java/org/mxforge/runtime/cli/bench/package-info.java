/** Commands that measure kernels on the GPU. */
package org.mxforge.runtime.cli.bench;
