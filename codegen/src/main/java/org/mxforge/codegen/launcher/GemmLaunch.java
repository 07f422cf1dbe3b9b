package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.HopperGemm;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;

/** Launchers of the GEMMs: one block for each tile of D, or for each multiprocessor. */
final class GemmLaunch {
    /** BF16 values in 16 bytes: rows of plain operands start on whole vectors. */
    private static final int VECTOR = 8;

    private GemmLaunch() {}

    static LaunchPlan mixed(MxGemmSpec spec, CudaSource kernel) {
        LaunchCode code = new LaunchCode().size("m").size("n");
        return mixed(RuntimeTypes.launch("MxGemmArguments"), code, spec, kernel);
    }

    /** All experts: rows in whole tiles, and the expert of each tile. */
    static LaunchPlan grouped(MxGroupedGemmSpec spec, CudaSource kernel) {
        LaunchCode code = new LaunchCode().size("m", ExpertTiles.ROWS).size("n").address("routes");
        return mixed(RuntimeTypes.launch("MxGroupedGemmArguments"), code, spec.expert(), kernel);
    }

    private static LaunchPlan mixed(ClassName arguments, LaunchCode code, MxGemmSpec spec, CudaSource kernel) {
        code.check("partitions(arguments.partitions().size(), $L)", spec.pairs().size());
        ClassName operands = RuntimeTypes.launch("MxGemmOperands");
        for (int i = 0; i < spec.pairs().size(); i++) {
            String name = "part" + i;
            code.local(operands, name, "arguments.partitions().get($L)", i)
                    .check(
                            "multiple($S, $L.channels(), $L)",
                            "channels of partition " + i,
                            name,
                            spec.groups().channelMultiple())
                    .when("$L.channels() > 0", name);
            for (String field : new String[] {"activationCodes", "activationScales", "weightCodes", "weightScales"}) {
                code.check("address($S, $L.$L())", field + " of partition " + i, name, field)
                        .pointer(name + "." + field + "()");
            }
            code.end().integer(name + ".channels()");
        }
        return persists(spec, kernel.variant())
                ? persistent(arguments, code, spec.epilogue(), kernel)
                : tiled(arguments, code, spec.epilogue(), kernel);
    }

    /** All GEMMs on wgmma do. */
    private static boolean persists(MxGemmSpec spec, KernelVariant variant) {
        return spec.groups().scales().isFolded()
                && (variant.spec() instanceof MxGroupedGemmSpec
                        || HopperGemm.of(variant.configuration()) == HopperGemm.WGMMA);
    }

    static LaunchPlan dense(DenseGemmSpec spec, CudaSource kernel) {
        LaunchCode code = new LaunchCode()
                .size("m")
                .size("n")
                .size("k", VECTOR)
                .address("a")
                .address("b");
        return tiled(RuntimeTypes.launch("DenseGemmArguments"), code, spec.epilogue(), kernel);
    }

    private static LaunchPlan tiled(ClassName arguments, LaunchCode code, Epilogue epilogue, CudaSource kernel) {
        outputs(code, epilogue);
        Configuration configuration = kernel.variant().configuration();
        int bm = configuration.get("bm");
        int bn = configuration.get("bn");
        return new LaunchPlan(
                arguments,
                code,
                "1 + (arguments.n() - 1) / " + bn,
                "1 + (arguments.m() - 1) / " + bm,
                Integer.toString(kernel.sharedBytes()),
                "one block for each tile of " + bm + " rows and " + bn + " columns of D, columns along x");
    }

    /** As many blocks as multiprocessors, each of which takes tile after tile. */
    private static LaunchPlan persistent(ClassName arguments, LaunchCode code, Epilogue epilogue, CudaSource kernel) {
        outputs(code, epilogue);
        Configuration configuration = kernel.variant().configuration();
        int bm = configuration.get("bm");
        int bn = configuration.get("bn");
        int most = kernel.variant().target().multiprocessors();
        int split = configuration.get("split");
        if (split > 1) {
            return new LaunchPlan(
                    arguments,
                    code,
                    "Math.toIntExact(" + split + " * (1 + (arguments.n() - 1L) / " + bn
                            + ") * (1 + (arguments.m() - 1L) / " + bm + "))",
                    "1",
                    Integer.toString(kernel.sharedBytes()),
                    split + " blocks for each tile of " + bm + " rows and " + bn + " columns of D");
        }
        return new LaunchPlan(
                arguments,
                code,
                "(int) Math.min(" + most + ", (1 + (arguments.n() - 1L) / " + bn + ") * (1 + (arguments.m() - 1L) / "
                        + bm + "))",
                "1",
                Integer.toString(kernel.sharedBytes()),
                "at most " + most + " blocks, one for each tile of " + bm + " rows and " + bn
                        + " columns of D in turn");
    }

    private static void outputs(LaunchCode code, Epilogue epilogue) {
        if (epilogue != Epilogue.NONE) {
            code.address("extra");
        }
        code.address("d");
    }
}
