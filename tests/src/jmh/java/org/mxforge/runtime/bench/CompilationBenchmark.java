package org.mxforge.runtime.bench;

import java.util.concurrent.TimeUnit;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** From a GEMM's CUDA text to machine code by NVRTC, past the cache. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(1)
public class CompilationBenchmark {
    @Benchmark
    public CompiledKernel machineCode(Gemm gemm) {
        return Nvrtc.load()
                .compile(
                        gemm.source().entryPoint(),
                        gemm.source().text(),
                        gemm.variant().target(),
                        ImageKind.CUBIN);
    }
}
