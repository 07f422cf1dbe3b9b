package org.mxforge.codegen.kernel.quantize;

import com.palantir.javapoet.TypeSpec;
import java.util.Optional;
import org.mxforge.codegen.cpu.CpuAlgorithm;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.NoTiling;
import org.mxforge.dsl.tile.Tiling;

/** Packed codes and scales in rows, on the CPU: there is nothing to choose. */
record RowsQuantize() implements CpuAlgorithm<MxQuantizeSpec> {
    @Override
    public String name() {
        return "rows_cpu";
    }

    @Override
    public Class<MxQuantizeSpec> specs() {
        return MxQuantizeSpec.class;
    }

    @Override
    public Optional<String> refusal(MxQuantizeSpec spec, Target target) {
        if (target != Target.CPU) {
            return Optional.of("rows_cpu is for the CPU");
        }
        if (spec.rows().indexed()) {
            return Optional.of("the CPU target quantizes all rows, so it cannot have '" + spec.text() + "'");
        }
        return spec.source() == ScalarType.FP32
                ? Optional.empty()
                : Optional.of("the CPU target reads fp32, so it cannot have '" + spec.text() + "'");
    }

    @Override
    public OperandLayout layout(Side side) {
        return OperandLayout.ROWS;
    }

    @Override
    public ConfigSpace space(MxQuantizeSpec spec, Target target) {
        return ConfigSpace.of();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return NoTiling.of(configuration);
    }

    @Override
    public TypeSpec type(MxQuantizeSpec spec, KernelVariant variant, String className) {
        return new MxQuantizeCode(spec).type(className);
    }
}
