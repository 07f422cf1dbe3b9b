package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.launch.ArgumentType;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.KernelArgument;
import org.mxforge.dsl.launch.LaunchCondition;
import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.space.Expression;

/** Renders a launch signature to the statements of a launcher. Integers are read once, as numbers of type {@code long}. */
final class LaunchCode {
    private final LaunchSignature signature;
    private final Map<String, KernelArgument> arguments;
    private final JavaExpression java = new JavaExpression(this::name);

    LaunchCode(LaunchSignature signature) {
        this.signature = signature;
        this.arguments =
                signature.arguments().stream().collect(Collectors.toMap(KernelArgument::source, Function.identity()));
    }

    private String name(String variable) {
        if (arguments.containsKey(variable)) {
            return ArgumentSource.of(variable).valueName();
        }
        return variable.substring(variable.indexOf('.') + 1);
    }

    /** What must be true before anything is launched. */
    CodeBlock checks() {
        CodeBlock.Builder code = CodeBlock.builder();
        Set<String> declared = new HashSet<>();
        for (LaunchCondition condition : signature.conditions()) {
            declare(condition, declared, code);
            add(condition, code);
        }
        return code.build();
    }

    /** Reads what {@code condition} looks at, and is the first to. */
    private void declare(LaunchCondition condition, Set<String> declared, CodeBlock.Builder code) {
        Set<String> names = new LinkedHashSet<>();
        if (condition instanceof LaunchCondition.Holds holds) {
            Stream.concat(Stream.of(holds.holds()), holds.values().stream()).forEach(e -> names.addAll(e.variables()));
        } else if (condition instanceof LaunchCondition.Address address) {
            names.addAll(address.used().variables());
            holder(ArgumentSource.of(address.source()), declared, code);
        }
        names.forEach(name -> declare(name, declared, code));
    }

    private void declare(String name, Set<String> declared, CodeBlock.Builder code) {
        ArgumentSource source = ArgumentSource.of(name);
        holder(source, declared, code);
        if (arguments.containsKey(name) && declared.add(name)) {
            code.addStatement("long $L = $L", source.valueName(), source.access());
        }
    }

    /** Declares the entry of a list; a form is declared by the check that it is there. */
    private void holder(ArgumentSource source, Set<String> declared, CodeBlock.Builder code) {
        if (source.index().isPresent() && declared.add(source.holderName())) {
            code.addStatement(
                    "$T $L = arguments.$L().get($L)",
                    TypeName.get(source.holderType(signature.record())),
                    source.holderName(),
                    source.holder().orElseThrow(),
                    source.index().get());
        }
    }

    private void add(LaunchCondition condition, CodeBlock.Builder code) {
        if (condition instanceof LaunchCondition.Holds holds) {
            CodeBlock values = holds.values().stream().map(this::shown).collect(CodeBlock.joining(""));
            code.beginControlFlow("if ($L)", java.fails(holds.holds()))
                    .addStatement("throw $T.refusal($S$L)", LauncherTypes.CHECK, holds.sentence(), values)
                    .endControlFlow();
        } else if (condition instanceof LaunchCondition.Address address) {
            boolean always = address.used() instanceof Expression.Constant;
            if (!always) {
                code.beginControlFlow("if ($L)", java.holds(address.used()));
            }
            code.addStatement(
                    "$T.address($S, $L, $L)",
                    LauncherTypes.CHECK,
                    address.called(),
                    ArgumentSource.of(address.source()).access(),
                    arguments.get(address.source()).alignment());
            if (!always) {
                code.endControlFlow();
            }
        } else if (condition instanceof LaunchCondition.Within within) {
            ArgumentSource source = ArgumentSource.of(within.source());
            code.addStatement(
                    "$T.range($S, $L, $Lf, $Lf)",
                    LauncherTypes.CHECK,
                    source.component(),
                    source.access(),
                    within.least(),
                    within.most());
        } else if (condition instanceof LaunchCondition.Entries entries) {
            code.addStatement(
                    "$T.entries($S, arguments.$L(), $L)",
                    LauncherTypes.CHECK,
                    entries.source(),
                    entries.source(),
                    entries.count());
        } else if (condition instanceof LaunchCondition.HasForm form) {
            add(form, code);
        }
    }

    private void add(LaunchCondition.HasForm form, CodeBlock.Builder code) {
        ArgumentSource any = ArgumentSource.of(form.source() + ":" + form.form() + ".any");
        ClassName type = ClassName.get(any.holderType(signature.record()));
        boolean read = arguments.keySet().stream().anyMatch(source -> source.startsWith(form.source() + ":"));
        CodeBlock check = CodeBlock.of(
                "$T.form($S, arguments.$L(), $T.class)", LauncherTypes.CHECK, form.source(), form.source(), type);
        if (read) {
            code.addStatement("$T $L = $L", type, any.holderName(), check);
        } else {
            code.addStatement(check);
        }
    }

    /** A value of a refusal's sentence. */
    private CodeBlock shown(Expression value) {
        boolean address = value instanceof Expression.Variable variable
                && arguments.containsKey(variable.name())
                && arguments.get(variable.name()).type() == ArgumentType.ADDRESS;
        return address
                ? CodeBlock.of(", $T.hexadecimal($L)", LauncherTypes.CHECK, java.number(value))
                : CodeBlock.of(", $L", java.number(value));
    }

    /** The kernel's arguments. */
    CodeBlock values() {
        CodeBlock.Builder calls = CodeBlock.builder();
        for (KernelArgument argument : signature.arguments()) {
            String method =
                    switch (argument.type()) {
                        case ADDRESS -> "pointer";
                        case INT32 -> "int32";
                        case FLOAT32 -> "float32";
                    };
            calls.add("\n.$L($L)", method, ArgumentSource.of(argument.source()).access());
        }
        return CodeBlock.builder()
                .addStatement("$T values = $T.of()$L", LauncherTypes.VALUES, LauncherTypes.VALUES, calls.build())
                .build();
    }

    /** Grid and shared memory. */
    CodeBlock geometry() {
        CodeBlock.Builder code = CodeBlock.builder();
        Set<String> used = new LinkedHashSet<>();
        signature
                .definitions()
                .forEach(definition -> used.addAll(definition.value().variables()));
        Stream.of(signature.gridX(), signature.gridY(), signature.sharedBytes())
                .forEach(e -> used.addAll(e.variables()));
        for (DeviceFact fact : DeviceFact.values()) {
            if (used.contains(fact.variableName())) {
                code.addStatement("long $L = kernel.fact($T.$L)", name(fact.variableName()), DeviceFact.class, fact);
            }
        }
        for (LaunchSignature.Definition definition : signature.definitions()) {
            code.addStatement("long $L = $L", definition.name(), java.number(definition.value()));
        }
        return code.add(number("gridX", signature.gridX()))
                .add(number("gridY", signature.gridY()))
                .add(number("sharedBytes", signature.sharedBytes()))
                .build();
    }

    private CodeBlock number(String name, Expression value) {
        String format = value instanceof Expression.Constant ? "int $L = $L" : "int $L = Math.toIntExact($L)";
        return CodeBlock.builder()
                .addStatement(format, name, java.number(value))
                .build();
    }
}
