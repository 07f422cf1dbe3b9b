package org.mxforge.runtime.bench;

import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A GEMM of one format, of MicroMix's three, and of five. */
@State(Scope.Benchmark)
public class Gemm {
    @Param({"e2m1xe2m1", "e2m1xe2m1+e3m2xe3m2+e4m3xe4m3", "e2m1xe2m1+e3m2xe3m2+e2m3xe2m3+e4m3xe4m3+e5m2xe5m2"})
    public String pairs;

    private KernelVariant variant;
    private CudaSource source;

    @Setup(Level.Trial)
    public void emit() {
        KernelSpec spec =
                KernelSpec.parse("mxgemm/v2;pairs=" + pairs + ";groups=g32;epilogue=none;out=bf16;tolerance=exact");
        variant = KernelVariant.of(spec, KernelKinds.algorithm(spec, "mma"), Target.SM_90A);
        source = CudaEmitter.emit(variant);
    }

    KernelVariant variant() {
        return variant;
    }

    CudaSource source() {
        return source;
    }
}
