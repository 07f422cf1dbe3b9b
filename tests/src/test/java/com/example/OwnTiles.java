package com.example;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.space.*;
import org.mxforge.dsl.spec.*;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.*;
import org.mxforge.runtime.*;

/** Tiles, config spaces and a restriction of one's own for a GEMM: compiled for two GPUs, raced on the CPU. */
public final class OwnTiles {
    private static final List<FormatPair> MXFP4 = List.of(FormatPair.parse("e2m1xe2m1"));

    public static void main(String[] args) {
        ConfigSpace tiles = ConfigSpace.of(
                        Dimension.of(new TileShape(96, 64, 64), new TileShape(160, 96, 64)),
                        Dimension.of(new WarpGrid(2, 2)),
                        Dimension.of(new Pipeline(3), new Pipeline(5)))
                .restricted(new Restriction(
                        "small tiles go with deep pipelines",
                        variable("bm").times(variable("stages")).atLeast(480)));
        MxGemmSpec gemm = MxGemmSpec.exact(MXFP4, Epilogue.NONE, ScalarType.BF16);
        for (Target target : List.of(Target.SM_80, Target.SM_90A)) {
            for (Configuration tile : tiles.legal()) {
                KernelVariant variant = KernelVariant.of(gemm, MxGemmKind.MMA, target, tile);
                int registers =
                        Kernels.compile(variant, KernelImage.Format.CUBIN).registers();
                System.out.println(variant.text() + " compiles, " + registers + " registers");
            }
        }
        MxGemmSpec onCpu = MxGemmSpec.exact(MXFP4, Epilogue.NONE, ScalarType.FP32);
        List<KernelVariant> raced = List.of(
                KernelVariant.of(onCpu, MxGemmKind.PANELS, Target.CPU, new CpuTiling(new TileShape(48, 96, 32))),
                KernelVariant.of(onCpu, MxGemmKind.PANELS, Target.CPU, new CpuTiling(new TileShape(24, 48, 96))));
        try (Engine engine = Engine.open(EngineOptions.defaults().withDevice(DeviceKind.CPU))) {
            engine.race(raced, "m37,n80,k128")
                    .forEach(tried -> System.out.println(tried.variant().text() + " is " + tried.status()));
        }
    }
}
