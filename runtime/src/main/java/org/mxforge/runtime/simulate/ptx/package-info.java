/**
 * PTX, as NVRTC writes it, read once: {@link org.mxforge.runtime.simulate.ptx.PtxParser} makes a {@link
 * org.mxforge.runtime.simulate.ptx.PtxKernel} of a text, with its variables laid out and all names in its instructions resolved. Nothing here
 * knows what an instruction does. What of the language the simulator does not model is refused.
 *
 * @see <a href="https://docs.nvidia.com/cuda/parallel-thread-execution/">PTX ISA</a>
 */
package org.mxforge.runtime.simulate.ptx;
