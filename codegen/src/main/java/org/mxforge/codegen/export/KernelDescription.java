package org.mxforge.codegen.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.launch.KernelArgument;
import org.mxforge.dsl.launch.LaunchCondition;
import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;

/** A kernel's launch signature, and what it is launched for, as JSON. */
final class KernelDescription {

    private final CudaSource kernel;
    private final LaunchSignature signature;
    private final FlatNames names;
    private final Formula formula;

    KernelDescription(CudaSource kernel) {
        this.kernel = kernel;
        this.signature = kernel.signature();
        this.names = new FlatNames(signature);
        this.formula = new Formula(names::of, "");
    }

    ObjectNode json(List<KernelUse> uses) {
        KernelVariant variant = kernel.variant();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("schema", KernelSet.SCHEMA)
                .put("name", variant.name())
                .put("entry", kernel.entryPoint())
                .put("spec", variant.spec().text())
                .put("algorithm", variant.algorithm().name())
                .put("target", variant.target().text());
        ObjectNode configuration = json.putObject("configuration");
        variant.configuration().values().forEach(configuration::put);
        json.set("operands", operands(variant.algorithm()));
        ArrayNode arguments = json.putArray("arguments");
        signature.arguments().forEach(argument -> arguments.add(argument(argument)));
        ArrayNode conditions = json.putArray("conditions");
        signature.conditions().forEach(condition -> add(condition, conditions));
        ArrayNode definitions = json.putArray("definitions");
        signature.definitions().forEach(definition -> definitions
                .addObject()
                .put("name", definition.name())
                .put("value", formula.text(definition.value())));
        json.set("launch", launch());
        ArrayNode used = json.putArray("uses");
        uses.stream().filter(use -> use.kernel().equals(variant)).forEach(use -> used.add(use(use)));
        return json;
    }

    /** How MX operands lie; nothing of kernels that have none. */
    private static ObjectNode operands(Algorithm<KernelSpec> algorithm) {
        ObjectNode operands = JsonNodeFactory.instance.objectNode();
        for (Side side : Side.values()) {
            if (algorithm.layout(side) != OperandLayout.PLAIN) {
                operands.put(side.text(), text(algorithm.layout(side)));
            }
        }
        return operands;
    }

    static String text(OperandLayout layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode argument(KernelArgument argument) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", argument.name())
                .put("type", argument.type().name().toLowerCase(Locale.ROOT))
                .put("c_type", argument.cType())
                .put("alignment", argument.alignment())
                .put("meaning", argument.meaning())
                .put("layout", argument.layout());
    }

    /** What a list or a form of the Java record must be means nothing here: a flat list of arguments has them right. */
    private void add(LaunchCondition condition, ArrayNode conditions) {
        if (condition instanceof LaunchCondition.Holds holds) {
            ArrayNode values = conditions
                    .addObject()
                    .put("holds", formula.text(holds.holds()))
                    .put("sentence", holds.sentence())
                    .putArray("values");
            holds.values().forEach(value -> values.add(formula.text(value)));
        } else if (condition instanceof LaunchCondition.Address address) {
            KernelArgument argument = names.argument(address.source());
            conditions
                    .addObject()
                    .put("address", argument.name())
                    .put("called", address.called())
                    .put("alignment", argument.alignment())
                    .put("used", formula.text(address.used()));
        } else if (condition instanceof LaunchCondition.Within within) {
            conditions
                    .addObject()
                    .put("within", names.argument(within.source()).name())
                    .put("least", within.least())
                    .put("most", within.most());
        }
    }

    private ObjectNode launch() {
        ObjectNode launch = JsonNodeFactory.instance.objectNode();
        launch.putArray("grid").add(formula.text(signature.gridX())).add(formula.text(signature.gridY()));
        return launch.put("threads", signature.threads())
                .put("cluster", signature.cluster())
                .put("shared_bytes", formula.text(signature.sharedBytes()))
                .put("work", signature.work());
    }

    private static ObjectNode use(KernelUse use) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("shape", use.shape())
                .put("algorithm", use.variant().algorithm().name())
                .put("origin", use.origin());
        json.set("operands", operands(use.variant().algorithm()));
        ArrayNode passes = json.putArray("passes");
        for (Pass pass : use.passes()) {
            passes.addObject()
                    .put("side", pass.side().text())
                    .put("partition", pass.partition())
                    .put("kernel", use.kernel(pass).name());
        }
        use.millis().ifPresent(millis -> json.putObject("measured")
                .put("device", use.device())
                .put("milliseconds", millis)
                .put("oracle", "equal bit for bit"));
        return json;
    }
}
