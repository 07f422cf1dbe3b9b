package org.mxforge.codegen.device;

import com.github.javaparser.Position;
import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.VariableDeclarator;
import com.github.javaparser.ast.comments.Comment;
import com.github.javaparser.ast.expr.AssignExpr;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.VariableDeclarationExpr;
import com.github.javaparser.ast.stmt.BlockStmt;
import com.github.javaparser.ast.stmt.IfStmt;
import com.github.javaparser.ast.stmt.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Translates the body of one method: declarations, assignments, {@code if} and {@code return}. */
final class StatementTranslator {
    private static final String INDENT = "    ";

    private final DeviceMethod method;
    private final Map<String, DeviceType> variables = new HashMap<>();
    private final ExpressionTranslator expressions;
    private final List<String> lines = new ArrayList<>();

    private StatementTranslator(DeviceMethod method, Map<String, DeviceMethod> callable) {
        this.method = method;
        this.expressions = new ExpressionTranslator(method, callable, variables);
        for (int i = 0; i < method.parameters().size(); i++) {
            variables.put(
                    method.declaration().getParameter(i).getNameAsString(),
                    method.parameters().get(i));
        }
    }

    /** The device function: comment, head and body, one line each, every line ended. */
    static String translate(DeviceMethod method, Map<String, DeviceMethod> callable) {
        StatementTranslator translator = new StatementTranslator(method, callable);
        method.declaration()
                .getJavadoc()
                .ifPresent(doc -> translator.lines.addAll(Comments.lines(doc.getDescription(), "")));
        translator.lines.add(method.head() + " {");
        translator.block(method.declaration().getBody().orElseThrow(), INDENT);
        translator.lines.add("}");
        return String.join("\n", translator.lines) + "\n";
    }

    private void block(BlockStmt block, String indent) {
        List<Node> nodes = new ArrayList<>(block.getStatements());
        nodes.addAll(block.getOrphanComments());
        nodes.sort(Comparator.comparing(node -> node.getBegin().orElse(Position.HOME)));
        for (Node node : nodes) {
            if (node instanceof Comment comment) {
                lines.addAll(Comments.lines(comment, indent));
            } else {
                node.getComment().ifPresent(comment -> lines.addAll(Comments.lines(comment, indent)));
                statement((Statement) node, indent);
            }
        }
    }

    private void statement(Statement statement, String indent) {
        if (statement.isReturnStmt() && statement.asReturnStmt().getExpression().isPresent()) {
            Expression value = statement.asReturnStmt().getExpression().get();
            lines.add(indent + "return "
                    + expressions.translate(value, method.result()).bare() + ";");
        } else if (statement.isIfStmt()) {
            branch(statement.asIfStmt(), indent, indent + "if (");
        } else if (statement.isExpressionStmt()) {
            expression(statement.asExpressionStmt().getExpression(), indent);
        } else {
            throw method.refusal().of(statement, "'" + firstLine(statement) + "'");
        }
    }

    private void branch(IfStmt branch, String indent, String opening) {
        lines.add(opening
                + expressions
                        .translate(branch.getCondition(), DeviceType.BOOLEAN)
                        .bare() + ") {");
        body(branch.getThenStmt(), indent);
        Statement otherwise = branch.getElseStmt().orElse(null);
        if (otherwise != null && otherwise.isIfStmt()) {
            branch(otherwise.asIfStmt(), indent, indent + "} else if (");
        } else {
            if (otherwise != null) {
                lines.add(indent + "} else {");
                body(otherwise, indent);
            }
            lines.add(indent + "}");
        }
    }

    private void body(Statement body, String indent) {
        // A local of a branch ends with it, so that its name may be used again with another type.
        Map<String, DeviceType> outer = Map.copyOf(variables);
        block(body.isBlockStmt() ? body.asBlockStmt() : new BlockStmt().addStatement(body.clone()), indent + INDENT);
        variables.keySet().retainAll(outer.keySet());
    }

    private void expression(Expression expression, String indent) {
        if (expression.isVariableDeclarationExpr()) {
            declaration(expression.asVariableDeclarationExpr(), indent);
        } else if (expression.isAssignExpr()
                && expression.asAssignExpr().getOperator() == AssignExpr.Operator.ASSIGN
                && variables.containsKey(expression.asAssignExpr().getTarget().toString())) {
            String name = expression.asAssignExpr().getTarget().toString();
            Code value = expressions.translate(expression.asAssignExpr().getValue(), variables.get(name));
            lines.add(indent + name + " = " + value.bare() + ";");
        } else {
            throw method.refusal().of(expression, "'" + expression + "'");
        }
    }

    private void declaration(VariableDeclarationExpr declaration, String indent) {
        for (VariableDeclarator variable : declaration.getVariables()) {
            DeviceType type = DeviceType.of(variable.getType(), method.refusal());
            String value = variable.getInitializer()
                    .map(initializer ->
                            " = " + expressions.translate(initializer, type).bare())
                    .orElse("");
            variables.put(variable.getNameAsString(), type);
            lines.add(indent + type.cuda() + " " + variable.getNameAsString() + value + ";");
        }
    }

    private static String firstLine(Statement statement) {
        return statement.toString().lines().findFirst().orElse("");
    }
}
