package org.mxforge.runtime.simulate;

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
 * @param constants what its module's variables in global and constant memory begin with, at {@link DeviceMemory#MODULE}
 * @param maxThreads most threads of a block
 * @param clusterBlocks blocks of a cluster
 */
record PtxKernel(
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
    /**
     * One parameter.
     *
     * @param name what instructions call it
     * @param offset where it lies among the parameters, in bytes
     * @param bytes how wide it is
     */
    record Parameter(String name, int offset, int bytes) {}

    int parameterBytes() {
        return parameters.isEmpty()
                ? 0
                : parameters.get(parameters.size() - 1).offset()
                        + parameters.get(parameters.size() - 1).bytes();
    }
}
