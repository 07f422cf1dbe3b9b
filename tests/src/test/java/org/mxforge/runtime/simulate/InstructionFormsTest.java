package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulator runs each instruction that emitted kernels consist of, alone. {@code InstructionFormsGpuTest} compares what they give with a
 * GPU's.
 */
class InstructionFormsTest {
    @Test
    void theListHasAllThatKernelsConsistOf() {
        assertThat(EmittedForms.listed())
                .as("simulate/instructions.txt, which is to have every form of emitted PTX")
                .containsExactlyElementsOf(EmittedForms.all());
    }

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.simulate.EmittedForms#listed")
    void runsAlone(InstructionForm form) {
        Optional<FormKernel> kernel = FormKernel.of(form);
        assertThat(kernel.isEmpty()).isEqualTo(form.givesOrderOnly());
        kernel.map(SimulatedForm::run).ifPresent(run -> {
            assertThat(run.findings()).isEmpty();
            byte first = run.written()[0];
            boolean same = true;
            for (byte value : run.written()) {
                same &= value == first;
            }
            assertThat(same).as("gives always the same").isFalse();
        });
    }
}
