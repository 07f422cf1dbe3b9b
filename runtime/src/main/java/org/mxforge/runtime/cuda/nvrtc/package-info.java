/** NVRTC: finding the library, compiling CUDA C++ with it, what came of that, and compiled kernels in the cache. Needs no GPU. */
package org.mxforge.runtime.cuda.nvrtc;
