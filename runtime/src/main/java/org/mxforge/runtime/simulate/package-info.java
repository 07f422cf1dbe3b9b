/**
 * Emitted CUDA kernels without a GPU: their PTX, interpreted, and what hardware would not tell of them.
 *
 * <p>PTX and not CUDA C++ or machine code, because it is the last form that is documented in full. The text is read once
 * ({@code simulate.ptx}), each instruction becomes a {@code Step} once ({@code InstructionSet}), and a {@code Launch} runs the steps: block
 * after block, warp after warp, each step for the lanes that are at it. Lanes that part meet again at the immediate post-dominator
 * ({@code ControlFlow}). What is not modelled is refused when the kernel is read, never skipped.
 *
 * <p>{@link org.mxforge.runtime.simulate.Simulator} is the door. Behind it:
 *
 * <ul>
 *   <li>what instructions do: a class for each family, {@code ...Instructions}, whose methods take a {@code Decoding} and give a {@code Step};
 *       a form that PTX has and the simulator lacks is added there;
 *   <li>what numbers become: {@code SmallFloat}, {@code Rounding}, {@code TensorCore}, {@code ProductSum}, {@code GpuFunctions};
 *   <li>what runs: {@code Program}, {@code Launch}, {@code Cluster}, {@code Block}, {@code Warp}, {@code Lanes}, and what they wait for,
 *       {@code Mbarrier}, {@code AsyncCopies} and {@code AsyncProducts};
 *   <li>where data is: {@code Space}, {@code DeviceMemory}, {@code Area}, and each access to it, {@code Access}, {@code TensorAccess},
 *       {@code AccessLog}, {@code Traffic};
 *   <li>what is told: {@link org.mxforge.runtime.simulate.Simulation} and its {@link org.mxforge.runtime.simulate.Finding}s.
 * </ul>
 *
 * <p>Memory knows for each byte whether it was written and who accessed it last and when ({@code Area}, {@code AccessLog}); time is
 * counted by barriers and known to others through barriers only, so that a race is found in whatever order the warps ran. Asynchronous
 * copies are done as late as the kernel allows. Arrays that are allocated are results, each byte of which a launch writes once; what a
 * kernel writes over again is uploaded.
 *
 * <p>Results are those of a GPU, bit for bit, but for functions that PTX only bounds and for sums of tensor cores, whose width is a
 * parameter ({@code TensorCore}). Those of Hopper are what an H200 gives, those of Ampere what others measured. Of Blackwell's block-scaled products
 * PTX says where elements and scales lie, which the simulator follows; how they are added up nobody has said, and they are taken for as wide
 * as Hopper's of 16-bit numbers, all of an instruction at a time. No GPU has confirmed either.
 */
package org.mxforge.runtime.simulate;
