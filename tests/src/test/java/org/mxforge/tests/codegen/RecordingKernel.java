package org.mxforge.tests.codegen;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.cuda.CudaKernel;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.KernelArguments;

/** A kernel that writes down its launches instead of doing them. */
final class RecordingKernel implements CudaKernel {
    record Launch(int gridX, int gridY, int gridZ, int threads, int sharedBytes, List<Number> values) {}

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

    List<Launch> launches() {
        return List.copyOf(launches);
    }
}
