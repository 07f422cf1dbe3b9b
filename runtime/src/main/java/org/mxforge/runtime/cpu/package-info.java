/**
 * What emitted CPU kernels implement, and the few functions that they call. Kernels know nothing of threads: they compute one
 * tile or one run of rows, and who calls them decides how these are shared out.
 */
package org.mxforge.runtime.cpu;
