package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.base.MxForgeException;

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

    /** Emitted kernels have none of it; those of others may. */
    @Test
    void eachLaneHasLocalMemoryOfItsOwn() {
        FormKernel kernel = FormKernel.of(InstructionForm.parse("ld.local.u32")).orElseThrow();
        SimulatedForm run = SimulatedForm.run(kernel);
        assertThat(run.findings()).isEmpty();
        for (int thread = 0; thread < kernel.blocks() * FormKernel.THREADS; thread++) {
            int at = thread * FormKernel.stride(1) + FormKernel.OWN_WORDS * Long.BYTES;
            assertThat(Arrays.copyOfRange(run.written(), at, at + Integer.BYTES))
                    .isEqualTo(Arrays.copyOfRange(kernel.reads(), at, at + Integer.BYTES));
        }
        String beyond = kernel.ptx().replace("[%place+4]", "[%place+16]");
        assertThat(SimulatedForm.run(new FormKernel(kernel.form(), beyond, 1, kernel.reads(), kernel.writes()))
                        .findings())
                .extracting(Finding::kind)
                .containsOnly(Finding.Kind.OUT_OF_BOUNDS);
    }

    @Test
    void matricesWithoutASwizzleAreRefused() {
        FormKernel kernel = FormKernel.of(
                        InstructionForm.parse("wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 shared - 1 1 0 0"))
                .orElseThrow();
        long swizzled = 1L << 62 | 64L << 32 | 1L << 16;
        String plain = kernel.ptx().replace(", %right, " + swizzled, ", %right, " + (swizzled & -1L >>> 2));
        assertThat(plain).isNotEqualTo(kernel.ptx());
        FormKernel refused = new FormKernel(kernel.form(), plain, 1, kernel.reads(), kernel.writes());
        assertThatThrownBy(() -> SimulatedForm.run(refused))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("has another layout than the swizzles of 128, 64 and 32 bytes");
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
