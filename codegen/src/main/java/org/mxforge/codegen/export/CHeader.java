package org.mxforge.codegen.export;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.dsl.launch.ArgumentType;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.KernelArgument;
import org.mxforge.dsl.launch.LaunchCondition;
import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.Side;

/**
 * A header of C that loads and launches the kernels of a set through the CUDA driver, and refuses arguments that cannot be right.
 *
 * @param tool what wrote it
 * @param entries lists of arguments, one for each entry point
 * @param kernels in the order of their names
 * @param uses what is launched for which shape
 * @param facts what a plan may ask of the GPU
 */
record CHeader(String tool, List<Entry> entries, List<Kernel> kernels, List<Use> uses, List<String> facts)
        implements OutputModel {
    /** An entry point: kernels of several targets and configurations share it. */
    record Entry(String name, List<Field> fields) {}

    /** An argument of an entry point. */
    record Field(String type, String name, String comment) {}

    /** A kernel, and its plan: what is read, checked and computed, line by line. */
    record Kernel(
            String name,
            String entry,
            String spec,
            String algorithm,
            String target,
            int arguments,
            int threads,
            String work,
            List<String> reads,
            List<String> checks,
            List<String> results) {}

    /** What is launched for a shape. */
    record Use(
            String spec,
            String target,
            String algorithm,
            String activation,
            String weight,
            int tokens,
            String rest,
            int kernel,
            List<PassUse> passes) {}

    /** A pass; {@code side} is 0 for activations. */
    record PassUse(int side, int partition, int kernel) {}

    static CHeader of(List<CudaSource> kernels, List<KernelUse> uses, String tool) {
        List<String> names =
                kernels.stream().map(kernel -> kernel.variant().name()).toList();
        return new CHeader(
                tool,
                kernels.stream().map(CHeader::entry).distinct().toList(),
                kernels.stream().map(kernel -> new Plan(kernel).kernel()).toList(),
                uses.stream().map(use -> use(use, names)).toList(),
                Stream.of(DeviceFact.values()).map(FlatNames::of).toList());
    }

    String text() {
        return TemplateGroup.of("export/c").render(this) + "\n";
    }

    private static Entry entry(CudaSource kernel) {
        return new Entry(
                kernel.entryPoint(),
                kernel.signature().arguments().stream()
                        .map(argument -> new Field(
                                cType(argument.type()),
                                argument.name(),
                                argument.meaning() + (argument.layout().isEmpty() ? "" : ", " + argument.layout())))
                        .toList());
    }

    private static Use use(KernelUse use, List<String> names) {
        int comma = use.shape().indexOf(',');
        boolean sized = use.shape().matches("m\\d+,.*");
        return new Use(
                use.variant().spec().text(),
                use.variant().target().text(),
                use.variant().algorithm().name(),
                use.layout(Side.ACTIVATION),
                use.layout(Side.WEIGHT),
                sized ? Integer.parseInt(use.shape().substring(1, comma)) : 0,
                sized ? use.shape().substring(comma + 1) : use.shape(),
                names.indexOf(use.kernel().name()),
                use.passes().stream()
                        .map(pass -> new PassUse(
                                pass.side().ordinal(),
                                pass.partition(),
                                names.indexOf(use.kernel(pass).name())))
                        .toList());
    }

    static String cType(ArgumentType type) {
        return switch (type) {
            case ADDRESS -> "CUdeviceptr";
            case INT32 -> "int";
            case FLOAT32 -> "float";
        };
    }

    /** Writes what a launch of one kernel checks and computes; names of its own end in {@code _}, as no argument's does. */
    private static final class Plan {
        private static final String REFUSE = "return mxforge_refuse(message_, ";

        private final CudaSource kernel;
        private final LaunchSignature signature;
        private final FlatNames names;
        private final Formula formula;

        Plan(CudaSource kernel) {
            this.kernel = kernel;
            this.signature = kernel.signature();
            this.names = new FlatNames(signature);
            this.formula = new Formula(names::of, "mxforge_");
        }

        Kernel kernel() {
            return new Kernel(
                    kernel.variant().name(),
                    kernel.entryPoint(),
                    kernel.variant().spec().text(),
                    kernel.variant().algorithm().name(),
                    kernel.variant().target().text(),
                    signature.arguments().size(),
                    signature.threads(),
                    signature.work(),
                    reads(),
                    signature.conditions().stream().flatMap(this::check).toList(),
                    results());
        }

        private List<String> reads() {
            Set<String> used = new LinkedHashSet<>();
            for (LaunchCondition condition : signature.conditions()) {
                if (condition instanceof LaunchCondition.Holds holds) {
                    used.addAll(holds.holds().variables());
                    holds.values().forEach(value -> used.addAll(value.variables()));
                } else if (condition instanceof LaunchCondition.Address address) {
                    used.add(address.source());
                    used.addAll(address.used().variables());
                } else if (condition instanceof LaunchCondition.Within within) {
                    used.add(within.source());
                }
            }
            signature
                    .definitions()
                    .forEach(definition -> used.addAll(definition.value().variables()));
            Stream.of(signature.gridX(), signature.gridY(), signature.sharedBytes())
                    .forEach(value -> used.addAll(value.variables()));
            List<String> reads = new ArrayList<>();
            IntStream.range(0, signature.arguments().size())
                    .filter(i -> used.contains(signature.arguments().get(i).source()))
                    .forEach(i -> reads.add(read(signature.arguments().get(i), i)));
            for (DeviceFact fact : DeviceFact.values()) {
                if (used.contains(fact.variableName())) {
                    reads.add("const long long " + FlatNames.of(fact) + " = device_->" + FlatNames.of(fact) + ";");
                }
            }
            return reads;
        }

        private static String read(KernelArgument argument, int index) {
            String type = argument.type() == ArgumentType.FLOAT32 ? "float" : "long long";
            return "const " + type + " " + argument.name() + " = (" + type + ")*(const " + cType(argument.type())
                    + " *)values_[" + index + "];";
        }

        private Stream<String> check(LaunchCondition condition) {
            if (condition instanceof LaunchCondition.Holds holds) {
                StringBuilder values = new StringBuilder();
                String sentence = holds.sentence().replace("%", "%%");
                for (Expression value : holds.values()) {
                    sentence = sentence.replaceFirst("\\{\\}", isAddress(value) ? "0x%llx" : "%lld");
                    values.append(", ").append(formula.text(value));
                }
                return Stream.of("if (!" + parenthesized(formula.text(holds.holds())) + ") " + REFUSE + '"' + sentence
                        + '"' + values + ");");
            }
            if (condition instanceof LaunchCondition.Address address) {
                KernelArgument argument = names.argument(address.source());
                String used =
                        address.used() instanceof Expression.Constant ? "" : formula.text(address.used()) + " && ";
                return Stream.of("if (" + used + "mxforge_misplaced(message_, \"" + address.called() + "\", "
                        + argument.name() + ", " + argument.alignment() + ")) return CUDA_ERROR_INVALID_VALUE;");
            }
            if (condition instanceof LaunchCondition.Within within) {
                String name = names.argument(within.source()).name();
                return Stream.of("if (!(" + name + " >= " + within.least() + "f && " + name + " <= " + within.most()
                        + "f)) " + REFUSE + '"' + name + " is %g: it must be from " + within.least() + " to "
                        + within.most()
                        + "\", (double)" + name + ");");
            }
            return Stream.empty();
        }

        private static String parenthesized(String text) {
            return text.startsWith("(") ? text : "(" + text + ")";
        }

        private boolean isAddress(Expression value) {
            return value instanceof Expression.Variable variable
                    && names.argument(variable.name()) != null
                    && names.argument(variable.name()).type() == ArgumentType.ADDRESS;
        }

        private List<String> results() {
            List<String> lines = new ArrayList<>();
            signature
                    .definitions()
                    .forEach(definition -> lines.add(
                            "const long long " + definition.name() + " = " + formula.text(definition.value()) + ";"));
            lines.add("geometry_->grid_x = " + formula.text(signature.gridX()) + ";");
            lines.add("geometry_->grid_y = " + formula.text(signature.gridY()) + ";");
            lines.add("geometry_->shared_bytes = " + formula.text(signature.sharedBytes()) + ";");
            return lines;
        }
    }
}
