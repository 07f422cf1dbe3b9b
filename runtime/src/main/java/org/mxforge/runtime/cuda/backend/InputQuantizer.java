package org.mxforge.runtime.cuda.backend;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.backend.InputStep;
import org.mxforge.runtime.cuda.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.MxQuantizeArguments;
import org.mxforge.runtime.cuda.launch.MxQuantizeOutput;
import org.mxforge.runtime.cuda.launch.PrologueOperands;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * Quantizes the input that several layers share, the step before it fused in.
 *
 * @param order the reorder index, INT32 [channels]
 */
record InputQuantizer(Gpu gpu, InputQuantization quantization, DeviceBuffer order) {
    /** Partitions begin at multiples of this, as freshly allocated memory does. */
    private static final long ALIGNMENT = 256;

    static InputQuantizer of(Gpu gpu, InputQuantization quantization) {
        var quantizer = new InputQuantizer(gpu, quantization, gpu.lasting("a reorder index", quantization.order()));
        // What decoders ask for: norms read the residual stream.
        gpu.expect(quantizer.spec(Prologue.NONE, ScalarType.BF16));
        gpu.expect(quantizer.spec(Prologue.RMSNORM, ScalarType.FP32));
        gpu.expect(quantizer.spec(Prologue.SILU_MUL, ScalarType.BF16));
        return quantizer;
    }

    MxInput quantize(InputStep step, CudaMatrix x) {
        List<Long> sizes = new ArrayList<>();
        for (Partition partition : quantization.split().partitions()) {
            sizes.add(align(x.rows() * CodePacking.bytes(format(partition), partition.channels())));
            sizes.add(align(GroupLayout.TILED.scales().bytes(x.rows(), partition.groups())));
        }
        long bytes = sizes.stream().mapToLong(Long::longValue).sum();
        Scratch memory = gpu.scratch("a quantized layer input of " + x.rows() + " rows", bytes);
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        long address = memory.address();
        int next = 0;
        for (Partition partition : quantization.split().partitions()) {
            long scales = address + sizes.get(next++);
            outputs.add(new MxQuantizeOutput(address, scales, partition.channels()));
            address = scales + sizes.get(next++);
        }
        gpu.launch(
                spec(prologue(step), x.type()),
                new MxQuantizeArguments(
                        x.rows(), x.columns(), x.address(), operands(step, x), order.address(), outputs));
        return new MxInput(this, memory, x.rows(), List.copyOf(outputs));
    }

    private MxQuantizeSpec spec(Prologue prologue, ScalarType source) {
        List<ElementFormat> formats = quantization.split().partitions().stream()
                .map(InputQuantizer::format)
                .toList();
        return new MxQuantizeSpec(Side.ACTIVATION, formats, quantization.rule(), GroupLayout.TILED, prologue, source);
    }

    private static ElementFormat format(Partition partition) {
        return partition.formats().activation();
    }

    private static Prologue prologue(InputStep step) {
        if (step instanceof InputStep.RmsNorm) {
            return Prologue.RMSNORM;
        }
        return step instanceof InputStep.SiluMul ? Prologue.SILU_MUL : Prologue.NONE;
    }

    private static PrologueOperands operands(InputStep step, CudaMatrix x) {
        if (step instanceof InputStep.RmsNorm norm) {
            return new PrologueOperands.RmsNorm(
                    CudaVector.of(norm.weight(), x.columns()).address(), norm.epsilon());
        }
        if (step instanceof InputStep.SiluMul gated) {
            return new PrologueOperands.SiluMul(CudaMatrix.of(gated.up(), ScalarType.BF16, x.rows(), x.columns())
                    .address());
        }
        return new PrologueOperands.None();
    }

    private static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
