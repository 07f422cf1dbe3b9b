package org.mxforge.runtime.bench;

import java.util.concurrent.TimeUnit;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** From a GEMM's spec to its CUDA text, and to the Java text of its launcher. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EmissionBenchmark {
    @Benchmark
    public CudaSource kernel(Gemm gemm) {
        return CudaEmitter.emit(gemm.variant());
    }

    @Benchmark
    public Object launcher(Gemm gemm) {
        return LauncherEmitter.emit(gemm.source());
    }
}
