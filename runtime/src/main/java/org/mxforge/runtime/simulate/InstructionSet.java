package org.mxforge.runtime.simulate;

import org.mxforge.runtime.simulate.ptx.PtxInstruction;
import org.mxforge.runtime.simulate.ptx.PtxType;
import org.mxforge.runtime.simulate.ptx.Registers;

/** What each instruction means. */
final class InstructionSet {
    private final TensorCores tensorCores;
    private final BoundedFunctions functions;

    InstructionSet(TensorCores tensorCores, BoundedFunctions functions) {
        this.tensorCores = tensorCores;
        this.functions = functions;
    }

    /**
     * The step of {@code instruction}, which is no branch.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming instruction and line if the simulator does not model it
     */
    Step decode(PtxInstruction instruction, Registers registers) {
        Decoding decoding = new Decoding(instruction, registers);
        return switch (instruction.name()) {
            case "add", "sub", "mul", "mad", "fma", "div", "rem", "min", "max", "abs", "neg" -> arithmetic(decoding);
            case "and", "or", "xor", "not" -> BitInstructions.logic(decoding);
            case "shl", "shr" -> BitInstructions.shift(decoding);
            case "shf" -> BitInstructions.funnel(decoding);
            case "bfi" -> BitInstructions.insert(decoding);
            case "bfe" -> BitInstructions.extract(decoding);
            case "prmt" -> BitInstructions.permute(decoding);
            case "lop3" -> BitInstructions.function(decoding);
            case "popc", "clz", "brev" -> BitInstructions.count(decoding);
            case "bfind" -> BitInstructions.find(decoding);
            case "mov" -> SelectInstructions.move(decoding);
            case "selp" -> SelectInstructions.select(decoding);
            case "setp" -> SelectInstructions.compare(decoding);
            case "cvta" -> SelectInstructions.address(decoding);
            case "cvt" -> ConversionInstructions.decode(decoding);
            case "ex2", "lg2", "rcp", "rsqrt", "sqrt", "sin", "cos", "tanh" ->
                FloatInstructions.function(decoding, functions);
            case "ld" -> MemoryInstructions.load(decoding);
            case "st" -> MemoryInstructions.store(decoding);
            case "atom", "red" -> MemoryInstructions.atomic(decoding);
            case "prefetch" -> MemoryInstructions.prefetch(decoding);
            case "bar", "barrier" -> SyncInstructions.barrier(decoding);
            case "mbarrier" -> MbarrierInstructions.decode(decoding);
            case "mapa" -> MbarrierInstructions.map(decoding);
            case "setmaxnreg" -> SyncInstructions.registers(decoding);
            case "wgmma" -> WgmmaInstructions.decode(decoding, tensorCores);
            case "cp" -> SyncInstructions.copy(decoding);
            case "griddepcontrol" -> SyncInstructions.dependence(decoding);
            case "fence", "membar" -> SyncInstructions.fence(decoding);
            case "shfl" -> WarpInstructions.shuffle(decoding);
            case "vote" -> WarpInstructions.vote(decoding);
            case "elect" -> WarpInstructions.elect(decoding);
            case "redux" -> WarpInstructions.reduce(decoding);
            case "ldmatrix", "stmatrix" -> WarpInstructions.matrix(decoding);
            case "mma" ->
                decoding.take("f64")
                        ? DoubleProducts.decode(decoding)
                        : MatrixInstructions.decode(decoding, tensorCores);
            default -> throw decoding.refuse("is one that the simulator does not model");
        };
    }

    private Step arithmetic(Decoding decoding) {
        String packed = decoding.takeOne("f16", "f16x2", "bf16", "bf16x2", "u16x2", "s16x2");
        if (packed != null) {
            return PackedInstructions.decode(decoding, packed);
        }
        PtxType type = decoding.type();
        return switch (decoding.name()) {
            case "add", "sub" ->
                type.isFloat()
                        ? FloatInstructions.add(decoding, type)
                        : IntegerInstructions.addOrSubtract(decoding, type);
            case "mul" ->
                type.isFloat()
                        ? FloatInstructions.multiply(decoding, type)
                        : IntegerInstructions.multiply(decoding, type);
            case "mad" ->
                type.isFloat() ? FloatInstructions.fused(decoding, type) : IntegerInstructions.multiply(decoding, type);
            case "fma" -> FloatInstructions.fused(decoding, type);
            case "div", "rem" ->
                type.isFloat()
                        ? FloatInstructions.divide(decoding, type, functions)
                        : IntegerInstructions.divide(decoding, type);
            case "min", "max" ->
                type.isFloat()
                        ? FloatInstructions.extreme(decoding, type)
                        : IntegerInstructions.extreme(decoding, type);
            default ->
                type.isFloat() ? FloatInstructions.sign(decoding, type) : IntegerInstructions.sign(decoding, type);
        };
    }
}
