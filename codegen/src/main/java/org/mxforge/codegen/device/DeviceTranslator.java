package org.mxforge.codegen.device;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ParserConfiguration.LanguageLevel;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.body.ClassOrInterfaceDeclaration;
import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.MethodCallExpr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mxforge.dsl.format.DeviceFunction;

/** Translates the marked methods of Java sources to CUDA device functions. */
public final class DeviceTranslator {
    private final Map<String, DeviceMethod> methods = new LinkedHashMap<>();

    private DeviceTranslator() {}

    /**
     * The device functions of {@code sources}, each a whole compilation unit, callees first, else in the order of the
     * sources. Equal sources give equal text.
     *
     * @throws IllegalArgumentException naming the method, the line and the construct outside the common language
     */
    public static String translate(List<String> sources) {
        DeviceTranslator translator = new DeviceTranslator();
        sources.forEach(translator::read);
        List<String> functions = new ArrayList<>();
        for (DeviceMethod method : translator.calleesFirst()) {
            functions.add(StatementTranslator.translate(method, translator.methods));
        }
        return String.join("\n", functions);
    }

    private void read(String source) {
        ParseResult<CompilationUnit> result =
                new JavaParser(new ParserConfiguration().setLanguageLevel(LanguageLevel.JAVA_17)).parse(source);
        if (!result.isSuccessful()) {
            throw new IllegalArgumentException("a source of device functions does not parse: "
                    + result.getProblem(0).getMessage());
        }
        for (ClassOrInterfaceDeclaration type :
                result.getResult().orElseThrow().findAll(ClassOrInterfaceDeclaration.class)) {
            for (MethodDeclaration declaration : type.getMethods()) {
                if (declaration.isAnnotationPresent(DeviceFunction.class)) {
                    add(DeviceMethod.of(type.getNameAsString(), declaration));
                }
            }
        }
    }

    private void add(DeviceMethod method) {
        if (methods.put(method.javaName(), method) != null) {
            throw method.refusal().of(method.declaration(), "a second method of the same name");
        }
    }

    private Set<DeviceMethod> calleesFirst() {
        Set<DeviceMethod> ordered = new LinkedHashSet<>();
        methods.values().forEach(method -> visit(method, new ArrayDeque<>(), ordered));
        return ordered;
    }

    private void visit(DeviceMethod method, Deque<DeviceMethod> callers, Set<DeviceMethod> ordered) {
        if (callers.contains(method)) {
            throw method.refusal().of(method.declaration(), "recursion");
        }
        callers.push(method);
        for (MethodCallExpr call : method.declaration().findAll(MethodCallExpr.class)) {
            String scope = call.getScope().map(Expression::toString).orElse(method.type());
            DeviceMethod callee = methods.get(scope + "." + call.getNameAsString());
            if (callee != null) {
                visit(callee, callers, ordered);
            }
        }
        callers.pop();
        ordered.add(method);
    }
}
