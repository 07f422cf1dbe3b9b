/**
 * Trials in another process, because a candidate may take its process down: an illegal address spoils a CUDA context for good. Both
 * sides speak JSON lines over the worker's standard input and output, one answer for each request.
 */
package org.mxforge.runtime.tune.worker;
