package org.mxforge.dsl.launch;

/**
 * One argument of a kernel.
 *
 * @param name in the emitted kernel
 * @param source where the argument record has it, see {@link LaunchSignature}
 * @param cType its type in the emitted kernel, without what only helps the compiler, such as {@code const float*}
 * @param type how it is passed
 * @param alignment what an address must be a multiple of, in bytes; 1 for numbers
 * @param meaning what it is
 * @param layout what lies at an address, such as {@code BF16 [rows][columns]}; empty for numbers
 * @param settled whether what lies there may be read before the kernels in front are done: no kernel of a step writes it, or not where
 *     this one reads early
 */
public record KernelArgument(
        String name,
        String source,
        String cType,
        ArgumentType type,
        int alignment,
        String meaning,
        String layout,
        boolean settled) {}
