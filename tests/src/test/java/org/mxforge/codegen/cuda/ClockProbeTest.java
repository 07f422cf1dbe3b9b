package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

class ClockProbeTest {
    @ParameterizedTest
    @EnumSource(value = Target.class, mode = EnumSource.Mode.EXCLUDE, names = "CPU")
    void compilesForEveryGpu(Target target) {
        ClockProbe probe = new ClockProbe("probe", 12_345);
        assertThat(probe.text()).contains("void probe(long long* result)", "NANOSECONDS = 12345;");
        CompiledKernel compiled = Nvrtc.load().compile(probe.name(), probe.text(), target, ImageKind.CUBIN);
        assertThat(compiled.spillBytes()).isZero();
        assertThat(compiled.registers()).isBetween(1, 40);
    }
}
