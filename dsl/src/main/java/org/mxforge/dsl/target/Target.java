package org.mxforge.dsl.target;

import java.util.Locale;
import java.util.stream.Stream;
import org.mxforge.dsl.text.Spelling;

/**
 * What a kernel is compiled for. Limits of shared memory: CUDA C++ Programming Guide, technical specifications per compute
 * capability.
 */
public enum Target {
    CPU(0, 0),
    SM_80(80, 166_912),
    /** GPUs from 8.6 on that have no target of their own, such as 8.9: its shared memory is what the smallest of them has. */
    SM_86(86, 101_376),
    SM_90A(90, 232_448),
    SM_100A(100, 232_448),
    SM_120A(120, 101_376);

    private final int computeCapability;
    private final int sharedMemoryPerBlock;

    Target(int computeCapability, int sharedMemoryPerBlock) {
        this.computeCapability = computeCapability;
        this.sharedMemoryPerBlock = sharedMemoryPerBlock;
    }

    /** Ten times the compute capability, such as 90; 0 for the CPU. */
    public int computeCapability() {
        return computeCapability;
    }

    /** Most dynamic shared memory of one block, in bytes; 0 for the CPU. */
    public int sharedMemoryPerBlock() {
        return sharedMemoryPerBlock;
    }

    /** Blocks of a cluster that every GPU of this target runs together; 1 where blocks form no clusters, before 9.0. */
    public int clusterBlocks() {
        return computeCapability < 90 ? 1 : 8;
    }

    /** Whether kernels for it are CUDA. */
    public boolean isGpu() {
        return this != CPU;
    }

    /** The name that spec texts and NVRTC's {@code --gpu-architecture} use, such as {@code sm_90a}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The most specific target that code for a GPU of this compute capability (ten times, such as 90) can use. */
    public static Target forComputeCapability(int computeCapability) {
        return switch (computeCapability) {
            case 90 -> SM_90A;
            case 100 -> SM_100A;
            case 120 -> SM_120A;
            default -> {
                if (computeCapability < 80) {
                    throw new IllegalArgumentException("compute capability " + computeCapability / 10.0
                            + " is too old: the kernels need bf16 tensor cores, 8.0 or newer");
                }
                // A cubin for sm_86 runs on 8.6 to 8.9; other majors reach it through a PTX compile at load time.
                yield computeCapability < 86 ? SM_80 : SM_86;
            }
        };
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the targets there are
     */
    public static Target parse(String text) {
        for (Target target : values()) {
            if (target.text().equals(text)) {
                return target;
            }
        }
        throw new IllegalArgumentException("unknown target '" + text + "'"
                + Spelling.hint(text, Stream.of(values()).map(Target::text).toList())
                + ": use cpu, sm_80, sm_86, sm_90a, sm_100a or sm_120a");
    }
}
