package org.mxforge.codegen.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;

/** The translated codecs compile for every GPU target; needs no GPU. */
class CodecCompileTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CPU")
    void withoutWarningsAndWithoutSpills(Target target) {
        CompiledKernel compiled = CodecProbe.compile(target);
        assertThat(compiled.spillBytes()).isZero();
        assertThat(compiled.log()).doesNotContain("warning");
    }
}
