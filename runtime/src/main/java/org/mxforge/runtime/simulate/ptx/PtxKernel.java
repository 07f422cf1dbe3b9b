package org.mxforge.runtime.simulate.ptx;

import java.util.List;
import java.util.Map;

/**
 * A kernel as it is written in PTX, with its variables laid out.
 *
 * @param name the entry point
 * @param instructions in the order of the text
 * @param labels index of the instruction behind each label
 * @param parameters what it is launched with, in order
 * @param registers the registers it uses
 * @param staticShared bytes of shared memory that are part of it; dynamic shared memory begins there
 * @param localBytes bytes that each lane keeps outside registers
 * @param constants what its module's variables in global and constant memory begin with, at {@link #VARIABLES}
 * @param maxThreads most threads of a block
 * @param clusterBlocks blocks of a cluster
 */
public record PtxKernel(
        String name,
        List<PtxInstruction> instructions,
        Map<String, Integer> labels,
        List<Parameter> parameters,
        Registers registers,
        int staticShared,
        int localBytes,
        byte[] constants,
        int maxThreads,
        int clusterBlocks) {
    /** Address in global memory of the variables of a kernel's module. */
    public static final long VARIABLES = 1L << 32;

    /**
     * One parameter.
     *
     * @param name what instructions call it
     * @param offset where it lies among the parameters, in bytes
     * @param bytes how wide it is
     */
    public record Parameter(String name, int offset, int bytes) {}

    /** Bytes of all parameters, without what would pad them. */
    public int parameterBytes() {
        return parameters.isEmpty()
                ? 0
                : parameters.get(parameters.size() - 1).offset()
                        + parameters.get(parameters.size() - 1).bytes();
    }
}
