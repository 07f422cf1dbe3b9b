package org.mxforge.codegen.kernel.row;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.tests.gpu.GpuWorkspace;

/** The INT8 quantizer on a GPU, for every prologue and block size. */
@Tag("gpu")
class Int8QuantizeGpuTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RMSNORM_CENTRED")
    void everyPrologue(Prologue prologue) {
        for (ScalarType source : new ScalarType[] {ScalarType.BF16, ScalarType.FP32}) {
            Int8QuantizeSpec spec = new Int8QuantizeSpec(prologue, source);
            for (KernelVariant variant : Variants.all(spec.text(), GpuWorkspace.target())) {
                for (int columns : new int[] {16, 528, 4096}) {
                    check(spec, variant, columns);
                }
            }
        }
    }

    private static void check(Int8QuantizeSpec spec, KernelVariant variant, int columns) {
        Int8QuantizeCase given = new Int8QuantizeCase(spec, 5, columns);
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            long codes = gpu.bytes(given.bytes(), (byte) 0x55);
            long scales = gpu.bytes(Float.BYTES * given.scales(), (byte) 0x55);
            gpu.launch(
                    variant,
                    given.arguments(
                            (type, values) -> type == ScalarType.FP32 ? gpu.floats(values) : gpu.bf16(values),
                            codes,
                            scales));
            given.check(gpu.readBytes(codes, given.bytes()), gpu.readFloats(scales, given.scales()));
        }
    }
}
