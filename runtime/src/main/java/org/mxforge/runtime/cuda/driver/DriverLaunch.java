package org.mxforge.runtime.cuda.driver;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Optional;

/**
 * Programmatic launches: the GPU may begin a kernel while the one before it in the stream still runs, and the kernel itself waits for that
 * one ({@code griddepcontrol.wait}). JCuda 12.6 does not bind the driver function that can ask for it.
 */
final class DriverLaunch {
    /** {@code CUlaunchConfig}: six sizes, shared memory, stream, attributes and their number. */
    private static final int CONFIG_BYTES = 56;

    private static final int STREAM = 32;
    private static final int ATTRIBUTES = 40;
    private static final int ATTRIBUTE_COUNT = 48;

    /** {@code CUlaunchAttribute}: what it is, and from the eighth byte on its value. */
    private static final int ATTRIBUTE_BYTES = 72;

    private static final int VALUE = 8;

    private static final int PROGRAMMATIC_STREAM_SERIALIZATION = 6;

    /** From this compute capability on kernels can wait for those before them. */
    private static final int LEAST_CAPABILITY = 90;

    /** The driver's function, or why there is none. */
    private record Found(Optional<Function> launch, String lack) {
        static final Found HERE = find();

        private static Found find() {
            try {
                return new Found(
                        Optional.of(NativeLibrary.getInstance("libcuda.so.1").getFunction("cuLaunchKernelEx")), "");
            } catch (LinkageError e) {
                return new Found(
                        Optional.empty(),
                        String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
    }

    private DriverLaunch() {}

    /** What keeps kernels of a GPU of this compute capability from beginning early; nothing if they can. */
    static Optional<String> obstacle(int computeCapability) {
        if (computeCapability < LEAST_CAPABILITY) {
            return Optional.of("the GPU's compute capability is below 9.0");
        }
        return Found.HERE.launch.isPresent()
                ? Optional.empty()
                : Optional.of("cuLaunchKernelEx cannot be called: " + Found.HERE.lack);
    }

    /** As {@code cuLaunchKernel}, of a kernel that waits itself for what runs before it; the result is the driver's code. */
    static int launch(
            long function, int gridX, int gridY, int gridZ, int threads, int sharedBytes, long stream, long arguments) {
        try (Memory memory = new Memory(CONFIG_BYTES + ATTRIBUTE_BYTES)) {
            memory.clear();
            int[] sizes = {gridX, gridY, gridZ, threads, 1, 1, sharedBytes};
            memory.write(0, sizes, 0, sizes.length);
            memory.setLong(STREAM, stream);
            memory.setPointer(ATTRIBUTES, memory.share(CONFIG_BYTES));
            memory.setInt(ATTRIBUTE_COUNT, 1);
            memory.setInt(CONFIG_BYTES, PROGRAMMATIC_STREAM_SERIALIZATION);
            memory.setInt(CONFIG_BYTES + VALUE, 1);
            return Found.HERE.launch.orElseThrow().invokeInt(new Object[] {
                memory, new Pointer(function), new Pointer(arguments), Pointer.NULL
            });
        }
    }
}
