package org.mxforge.codegen.launcher;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;

/** A kernel that writes down its launches instead of doing them. */
public final class RecordingKernel implements CudaKernel {
    public record Launch(int gridX, int gridY, int gridZ, int threads, int sharedBytes, List<Number> values) {}

    private final List<Launch> launches = new ArrayList<>();

    @Override
    public void launch(
            CudaStream stream,
            int gridX,
            int gridY,
            int gridZ,
            int threads,
            int sharedBytes,
            KernelArguments arguments) {
        launches.add(new Launch(gridX, gridY, gridZ, threads, sharedBytes, List.copyOf(arguments.values())));
    }

    /** An H100 or an H200. */
    @Override
    public long fact(DeviceFact fact) {
        return switch (fact) {
            case MULTIPROCESSORS -> 132;
            case SHARED_MEMORY_PER_MULTIPROCESSOR -> 233_472;
        };
    }

    public List<Launch> launches() {
        return List.copyOf(launches);
    }
}
