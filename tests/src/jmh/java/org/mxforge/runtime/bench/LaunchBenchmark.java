package org.mxforge.runtime.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.Launcher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What a launcher of the catalogue costs before the driver is called: its checks, its grid and its list of arguments. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LaunchBenchmark {
    private Launcher<MxGemmArguments> launcher;

    @Setup
    @SuppressWarnings("unchecked") // A launcher of an mxgemm takes these arguments.
    public void load() throws ReflectiveOperationException {
        KernelSpec spec = KernelSpec.parse(
                "mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=none;out=bf16;tolerance=exact");
        String name = LauncherEmitter.emit(CudaEmitter.emit(KernelVariant.of(spec, Target.SM_80)))
                .qualifiedName();
        launcher =
                (Launcher<MxGemmArguments>) Class.forName(name).getConstructor().newInstance();
    }

    /** Three partitions, 18 arguments. */
    @Benchmark
    public void mixedGemm(Blackhole driver) {
        List<MxGemmOperands> partitions =
                List.of(operands(0x1000, 2048), operands(0x2000, 1024), operands(0x3000, 1024));
        launcher.launch(new Sink(driver), null, new MxGemmArguments(64, 4096, partitions, 0, 0x4000));
    }

    private record Sink(Blackhole driver) implements CudaKernel {
        @Override
        public void launch(
                CudaStream stream,
                int gridX,
                int gridY,
                int gridZ,
                int threads,
                int sharedBytes,
                KernelArguments arguments) {
            driver.consume(gridX);
            driver.consume(gridY);
            driver.consume(arguments);
        }

        @Override
        public long fact(DeviceFact fact) {
            return 132;
        }
    }

    private static MxGemmOperands operands(long address, int channels) {
        return new MxGemmOperands(address, address + 0x100, address + 0x200, address + 0x300, channels);
    }
}
