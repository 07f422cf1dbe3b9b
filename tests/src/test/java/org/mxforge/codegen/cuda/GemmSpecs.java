package org.mxforge.codegen.cuda;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;

/** GEMM specs that between them use every piece of the GEMM templates. */
final class GemmSpecs {
    /** As many partitions as there can be, one format pair twice. */
    static final MxGemmSpec LARGEST = mixed(
            "e2m1xe2m1+e3m2xe3m2+e4m3xe4m3+e5m2xe2m3+e2m3xe2m1+e4m3xe2m1+e3m2xe5m2+e2m1xe2m1",
            Epilogue.RESIDUAL,
            ScalarType.BF16);

    private GemmSpecs() {}

    static MxGemmSpec mixed(String pairs, Epilogue epilogue, ScalarType output) {
        return MxGemmSpec.exact(
                Stream.of(pairs.split("\\+")).map(FormatPair::parse).toList(), epilogue, output);
    }

    /** One spec for each of the 25 pairs. */
    static List<KernelSpec> pairs() {
        return FormatPair.all().stream()
                .<KernelSpec>map(pair -> MxGemmSpec.exact(List.of(pair), Epilogue.NONE, ScalarType.BF16))
                .toList();
    }

    /** Mixed splits, every epilogue and output, on packed and on plain operands. */
    static List<KernelSpec> mixes() {
        return List.of(
                mixed("e2m1xe2m1+e3m2xe2m1+e4m3xe2m1", Epilogue.NONE, ScalarType.BF16),
                mixed("e2m1xe2m1+e3m2xe3m2+e4m3xe4m3", Epilogue.BIAS, ScalarType.FP32),
                mixed("e2m1xe2m1+e2m3xe2m1", Epilogue.SILU_MUL, ScalarType.BF16),
                mixed("e2m3xe2m3+e5m2xe4m3", Epilogue.RESIDUAL, ScalarType.FP16),
                LARGEST,
                new MxGroupedGemmSpec(mixed("e2m1xe2m1+e4m3xe2m1", Epilogue.BIAS, ScalarType.BF16)),
                new MxGroupedGemmSpec(mixed("e3m2xe3m2+e5m2xe4m3", Epilogue.RESIDUAL, ScalarType.FP32)),
                new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16),
                new DenseGemmSpec(Epilogue.BIAS, ScalarType.FP16),
                new DenseGemmSpec(Epilogue.RESIDUAL, ScalarType.FP32),
                new DenseGemmSpec(Epilogue.SILU_MUL, ScalarType.BF16));
    }

    /** All variants of {@code spec} on {@code mma.sync}, whatever layout their operands have. */
    static Stream<KernelVariant> onMma(KernelSpec spec, Target target) {
        return KernelKinds.algorithms(spec, target).stream()
                .filter(algorithm -> algorithm.name().startsWith("mma"))
                .flatMap(algorithm -> Variants.all(spec, algorithm, target).stream());
    }
}
