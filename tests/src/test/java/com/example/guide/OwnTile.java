package com.example.guide;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.*;
import org.mxforge.dsl.layout.*;
import org.mxforge.dsl.spec.*;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.*;
import org.mxforge.runtime.*;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.simulate.Simulation;

/** A product of FP4 numbers in groups of 16, by a tile of one's own: run without a GPU, then written to a folder. */
public final class OwnTile {
    public static void main(String[] args) {
        // What: D = A B^T of E2M1 codes, 16 of them to a scale, exact up to one rounding to BF16.
        MxGemmSpec product = new MxGemmSpec(
                List.of(FormatPair.parse("e2m1xe2m1")),
                new GroupLayout(16, ScaleFormat.E8M0),
                Epilogue.NONE,
                ScalarType.BF16,
                Tolerance.EXACT);
        // How: blocks of 96 x 64 results by 2 x 2 warps; 64 channels at a time, 3 such stages on their way.
        MmaTiling tile = new MmaTiling(new TileShape(96, 64, 64), new WarpGrid(2, 2), new Pipeline(3));
        KernelVariant kernel = KernelVariant.of(product, MxGemmKind.MMA, Target.parse(args[0]), tile);

        Simulation run = Kernels.simulate(kernel, Map.of("m", 100, "n", 72, "k", 96));
        System.out.println(run.instructions() + " instructions, findings: " + run.findings());

        KernelExport.empty().with(kernel).write(Path.of(args[1]), Progress.SILENT);
        System.out.println(kernel.name());
    }
}
