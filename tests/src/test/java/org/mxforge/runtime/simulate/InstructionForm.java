package org.mxforge.runtime.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.simulate.ptx.PtxInstruction;
import org.mxforge.runtime.simulate.ptx.PtxKernel;
import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/**
 * An instruction as kernels use it: its opcode, and what its operands say beside their values.
 *
 * @param opcode such as {@code lop3.b32}
 * @param note what tells forms of one opcode apart: a table, the parts of a register, where a matrix lies, which
 *     are products that nobody else reads or that others share; empty if nothing
 */
record InstructionForm(String opcode, String note) implements Comparable<InstructionForm> {
    private static final Set<String> ORDER =
            Set.of("bra", "ret", "exit", "bar", "fence", "setmaxnreg", "prefetch", "griddepcontrol");
    private static final Set<String> PRODUCTS = Set.of("mul.f32", "mul.f64");
    /** Whose rounding nothing names, so that a product may be fused with them. */
    private static final Set<String> SUMS = Set.of("add.f32", "sub.f32", "add.f64", "sub.f64");

    private static final String PRODUCT = "product";
    private static final String SHARED_PRODUCT = "shared-product";
    private static final Pattern COUNT = Pattern.compile("\\.[vx]([124])\\b");

    /** The forms that {@code kernel} consists of. */
    static Stream<InstructionForm> of(PtxKernel kernel) {
        Contraction contraction = new Contraction(kernel);
        Map<PtxOperand, String> products = kernel.instructions().stream()
                .filter(instruction -> PRODUCTS.contains(instruction.opcode()))
                .map(instruction -> instruction.operands().get(0))
                .distinct()
                .collect(Collectors.toMap(
                        product -> product, product -> contraction.isReadOnce(product) ? PRODUCT : SHARED_PRODUCT));
        return kernel.instructions().stream()
                .map(instruction -> of(instruction, products))
                .distinct();
    }

    private static InstructionForm of(PtxInstruction instruction, Map<PtxOperand, String> products) {
        List<PtxOperand> operands = instruction.operands();
        String note =
                switch (instruction.name()) {
                    case "lop3" -> immediate(operands.get(4));
                    case "add", "sub" ->
                        SUMS.contains(instruction.opcode())
                                        && operands.stream().skip(1).anyMatch(products::containsKey)
                                ? operands.stream()
                                        .skip(1)
                                        .map(operand -> products.getOrDefault(operand, "-"))
                                        .collect(Collectors.joining(" "))
                                : "";
                    case "bfi" -> immediate(operands.get(3)) + " " + immediate(operands.get(4));
                    case "mov" ->
                        operands.stream().anyMatch(PtxOperand.Vector.class::isInstance)
                                ? words(operands.get(0)) + ", " + words(operands.get(1))
                                : "";
                    case "cp" ->
                        instruction.opcode().contains("shared.global")
                                ? immediate(operands.get(2)) + (operands.size() > 3 ? " of" : "")
                                : "";
                    case "wgmma" ->
                        operands.size() < 3
                                ? ""
                                : (operands.get(1) instanceof PtxOperand.Vector ? "registers" : "shared")
                                        + operands.stream()
                                                .skip(3)
                                                .map(InstructionForm::immediate)
                                                .collect(Collectors.joining(" ", " ", ""));
                    default -> "";
                };
        return new InstructionForm(instruction.opcode(), note.strip());
    }

    static InstructionForm parse(String text) {
        int space = text.indexOf(' ');
        return space < 0
                ? new InstructionForm(text, "")
                : new InstructionForm(text.substring(0, space), text.substring(space + 1));
    }

    private static String immediate(PtxOperand operand) {
        return operand instanceof PtxOperand.Immediate number ? String.valueOf(number.bits()) : "-";
    }

    private static String words(PtxOperand operand) {
        return operand instanceof PtxOperand.Vector vector
                ? vector.elements().stream().map(InstructionForm::words).collect(Collectors.joining(", ", "{", "}"))
                : operand instanceof PtxOperand.Register register ? width(register.bits()) : "r";
    }

    private static String width(int bits) {
        return bits == 1 ? "p" : bits <= Short.SIZE ? "h" : bits == Integer.SIZE ? "r" : "d";
    }

    private static String width(String type) {
        return switch (type) {
            case "f16", "bf16", "e4m3x2", "e5m2x2" -> "h";
            case "f16x2", "bf16x2", "u16x2", "s16x2" -> "r";
            default -> {
                PtxType known = PtxType.find(type);
                yield known == null ? "r" : width(known.bits());
            }
        };
    }

    String name() {
        return part(0);
    }

    /** Whether it gives no value, but an order of others or more speed: then what shows it is whole kernels. */
    boolean givesOrderOnly() {
        return ORDER.contains(name()) || name().equals("wgmma") && !opcode.contains("mma_async");
    }

    /** The name of the GPUs that it is for, as PTX has it. */
    String target() {
        return isScaled() ? "sm_120a" : "sm_90a";
    }

    /** Whether GPUs of {@code target} have it; those that have not are not asked. */
    boolean runsOn(Target target) {
        return !isScaled() || target == Target.SM_120A;
    }

    /** Whether it is a product whose operands have scales for blocks. */
    private boolean isScaled() {
        return opcode.contains("block_scale");
    }

    private String part(int index) {
        String[] parts = opcode.split("\\.");
        return parts[index < 0 ? parts.length + index : index];
    }

    /** The type that it computes in. */
    String type() {
        return part(-1);
    }

    /** The width of a register that holds its type. */
    String width() {
        return name().endsWith("matrix") ? "r" : width(type());
    }

    /** Elements of what it loads or stores. */
    int elements() {
        Matcher matcher = COUNT.matcher(opcode);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
    }

    /** Bytes that {@code cp.async} copies. */
    int copied() {
        return Integer.parseInt(note.split(" ")[0]);
    }

    /** What makes its operands that are products, which the assembler may fuse with it: what comes before {@link #template}. */
    String products() {
        StringBuilder text = new StringBuilder();
        String[] terms = terms();
        for (int i = 0; i < terms.length; i++) {
            if (!terms[i].equals("-")) {
                String to = terms[i].equals(PRODUCT) ? product(i) : "=" + width();
                text.append("mul.%s %s, ?%s, ?%s;\n".formatted(type(), to, width(), width()));
            }
        }
        return text.toString();
    }

    /** The two things that it adds up or subtracts, where one is a product. */
    private String[] terms() {
        return note.contains(PRODUCT) ? note.split(" ") : new String[0];
    }

    private String product(int term) {
        return "%" + width() + (91 + term);
    }

    private String sum() {
        StringBuilder text = new StringBuilder("=" + width());
        int shared = 0;
        String[] terms = terms();
        for (int i = 0; i < terms.length; i++) {
            text.append(", ")
                    .append(
                            switch (terms[i]) {
                                case PRODUCT -> product(i);
                                case SHARED_PRODUCT -> "%" + width() + (FormKernel.FIRST_RESULT + shared++);
                                default -> "?" + width();
                            });
        }
        return text.toString();
    }

    /** Its operands as {@link FormKernel} understands them. */
    String template() {
        String t = width();
        String two = "=" + t + ", ?" + t;
        return switch (name()) {
            case "add", "sub" -> note.isEmpty() ? two + ", ?" + t : sum();
            case "abs", "neg", "not", "brev", "ex2", "lg2", "rcp", "rsqrt", "sqrt", "cvta" -> two;
            case "popc", "clz", "bfind" -> "=r, ?" + t;
            case "fma" -> two + ", ?" + t + ", ?" + t;
            case "mul", "mad" -> product(t);
            case "prmt", "shf" -> "=r, ?r, ?r, ?r";
            case "lop3" -> "=r, ?r, ?r, ?r, " + note;
            case "shl", "shr" -> two + ", ?r";
            case "setp" -> "=p, ?" + t + ", ?" + t;
            case "selp" -> two + ", ?" + t + ", ?p";
            case "bfi" -> two + ", ?" + t + ", " + note.replace(" ", ", ");
            case "cvt" -> conversion();
            case "mov" ->
                note.isEmpty()
                        ? two
                        : note.substring(0, note.indexOf("},") < 0 ? note.indexOf(',') : note.indexOf("},"))
                                        .replaceAll("([hrd])", "=$1")
                                + note.substring(note.indexOf("},") < 0 ? note.indexOf(',') : note.indexOf("},"))
                                        .replaceAll("([hrd])", "?$1");
            case "shfl" -> "=r|=p, ?r, ?r, ?r, 0xffffffff";
            case "vote" -> "=" + t + ", ?p, 0xffffffff";
            case "redux" -> two + ", 0xffffffff";
            case "mma" ->
                t.equals("d") ? doubles() : "{=r, =r, =r, =r}, {?r, ?r, ?r, ?r}, {?r, ?r}, {?r, ?r, ?r, ?r}" + scales();
            default -> two + ", ?" + t;
        };
    }

    /** Those of a product in FP64, whose shape tells how many numbers a lane has. */
    private String doubles() {
        boolean deep = opcode.contains("m16n8k16");
        String sums = "?d" + ", ?d".repeat(deep ? 3 : 1);
        return "{" + sums.replace('?', '=') + "}, {?d" + ", ?d".repeat(deep ? 7 : 0) + "}, {?d"
                + ", ?d".repeat(deep ? 3 : 0) + "}, {" + sums + "}";
    }

    /** Those of blocks, with what selects bytes and lanes: the first, where nothing else is said. */
    private String scales() {
        if (!isScaled()) {
            return "";
        }
        String[] selectors = (note.isEmpty() ? "0 0 0 0" : note).split(" ");
        return ", ?r, {%s, %s}, ?r, {%s, %s}".formatted((Object[]) selectors);
    }

    private String product(String t) {
        String wide = opcode.contains(".wide") ? t.equals("h") ? "r" : "d" : t;
        String two = "=" + wide + ", ?" + t + ", ?" + t;
        return name().equals("mad") ? two + ", ?" + wide : two;
    }

    private String conversion() {
        String to = width(part(-2));
        boolean pair = part(-2).endsWith("x2") && !type().endsWith("x2");
        return "=" + to + ", ?" + width() + (pair ? ", ?" + width() : "");
    }

    /** The types of its operands, of which the widths are known. */
    List<String> operandTypes(List<String> widths) {
        if (name().equals("mma") && !isScaled() && !width().equals("d")) {
            String factor = part(-2);
            String packed = factor.equals("s8") ? "s8x4" : factor + "x2";
            return Arrays.asList(packed, packed, packed, packed, packed, packed, type(), type(), type(), type());
        }
        return widths.stream()
                .map(width -> width.equals("p") ? "pred" : width.equals(width()) ? type() : integer(width))
                .toList();
    }

    private static String integer(String width) {
        return width.equals("h") ? "u16" : width.equals("r") ? "u32" : "u64";
    }

    @Override
    public int compareTo(InstructionForm other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return note.isEmpty() ? opcode : opcode + " " + note;
    }
}
