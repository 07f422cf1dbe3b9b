package org.mxforge.runtime.cuda.nvrtc;

import org.mxforge.dsl.target.Target;

/**
 * What the compiler made of one kernel.
 *
 * @param image a cubin, or PTX text ending in a zero byte
 * @param log compiler's and assembler's messages
 * @param registers registers of a thread; 0 for PTX
 * @param spillBytes bytes of registers written to and read from memory for lack of room; 0 is what is wanted
 * @param staticSharedBytes shared memory that is part of the kernel
 * @param compileMillis how long it took
 */
public record CompiledKernel(
        byte[] image, String log, int registers, int spillBytes, int staticSharedBytes, long compileMillis) {

    /** The same source as another compiler's run left it. */
    public CompiledKernel with(byte[] image) {
        return new CompiledKernel(image, log, registers, spillBytes, staticSharedBytes, compileMillis);
    }

    /** What NVRTC makes. */
    public enum ImageKind {
        /** Machine code: loads at once, on GPUs of the target's own major only. */
        CUBIN {
            @Override
            public String architecture(Target target) {
                return target.text();
            }
        },
        /** Virtual machine code that the driver compiles when it loads it, for any GPU as new as the target or newer. */
        PTX {
            @Override
            public String architecture(Target target) {
                return PTX_WITH_LINES.architecture(target);
            }
        },
        /** PTX that says which line of the source each instruction comes from: for the simulator. */
        PTX_WITH_LINES {
            @Override
            public String architecture(Target target) {
                return target.text().replace("sm_", "compute_");
            }
        };

        /** The value of {@code --gpu-architecture}. */
        public abstract String architecture(Target target);

        /**
         * How code for {@code target} reaches a GPU of this compute capability (ten times, such as 90): as a cubin within the same
         * major, else as PTX.
         */
        public static ImageKind reaching(Target target, int computeCapability) {
            return target.computeCapability() / 10 == computeCapability / 10 ? CUBIN : PTX;
        }
    }
}
