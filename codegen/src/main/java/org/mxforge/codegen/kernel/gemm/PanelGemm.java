package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.mxforge.codegen.cpu.CpuAlgorithm;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.CpuTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * GEMMs on the CPU: weights are decoded panel by panel.
 *
 * @param depth what the channels of a panel are a multiple of
 * @param output type of D
 * @param type writes the class
 */
record PanelGemm<S extends KernelSpec>(
        Class<S> specs,
        OperandLayout operands,
        ToIntFunction<S> depth,
        Function<S, ScalarType> output,
        BiFunction<S, CpuTiling, Function<String, TypeSpec>> type)
        implements CpuAlgorithm<S> {
    /** About what the first-level data cache of a core holds. */
    private static final int PANEL_BYTES = 32 * 1024;

    static final PanelGemm<MxGemmSpec> MX = new PanelGemm<>(
            MxGemmSpec.class,
            OperandLayout.ROWS,
            spec -> spec.groups().channelMultiple(),
            MxGemmSpec::output,
            (spec, tiling) -> name -> new MxPanels(spec, tiling).type(name));

    static final PanelGemm<DenseGemmSpec> DENSE = new PanelGemm<>(
            DenseGemmSpec.class,
            OperandLayout.PLAIN,
            spec -> PanelCode.STEP,
            DenseGemmSpec::output,
            (spec, tiling) -> name -> new DensePanels(spec, tiling).type(name));

    @Override
    public String name() {
        return "panels";
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        if (target != Target.CPU) {
            return Optional.of("panels are for the CPU");
        }
        return output.apply(spec) == ScalarType.FP32
                ? Optional.empty()
                : Optional.of("the CPU target writes fp32, so it cannot have '" + spec.text() + "'");
    }

    @Override
    public OperandLayout layout(Side side) {
        return operands;
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        return ConfigSpace.of(
                        Parameter.of("bm", 256, 64), Parameter.of("bn", 128, 64, 256), Parameter.of("bk", 64, 32, 128))
                .restricted(constraints(spec, target).toArray(Restriction[]::new))
                .restricted(new Restriction(
                        "a panel of decoded weights stays in the first-level cache",
                        variable("bn").times(variable("bk")).times(Float.BYTES).atMost(PANEL_BYTES)));
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        int whole = depth.applyAsInt(spec);
        return List.of(new Restriction(
                "a panel has whole steps of " + whole + " channels",
                variable("bk").modulo(whole).equalTo(0)));
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return CpuTiling.of(configuration);
    }

    @Override
    public TypeSpec type(S spec, KernelVariant variant, String className) {
        return type.apply(spec, CpuTiling.of(variant.configuration())).apply(className);
    }
}
