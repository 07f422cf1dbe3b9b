package org.mxforge.runtime.simulate;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.JudgedKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.base.MxForgeException;

/** A launch on the operands that a kind brings along, whose results it judges. */
record JudgedLaunch(TrialOperands operands) {
    /**
     * One of the shape that {@code sizes} come to in the terms of the kind.
     *
     * @throws MxForgeException if the kind brings nothing along
     */
    static JudgedLaunch of(KernelSpec spec, Map<String, Integer> sizes) {
        if (KernelKinds.of(spec) instanceof JudgedKind<KernelSpec> kind) {
            return new JudgedLaunch(kind.trial(spec, shape(kind, sizes)));
        }
        throw new MxForgeException("The simulator has no sample operands for '" + spec.text()
                + "': make its kind a JudgedKind, which brings them along.");
    }

    private static KernelShape shape(JudgedKind<KernelSpec> kind, Map<String, Integer> sizes) {
        return Stream.of("mM,kK", "mM,nN,kK", "eE,mM,nN,kK")
                .map(form -> form.replace("M", "" + sizes.get("m"))
                        .replace("N", "" + sizes.get("n"))
                        .replace("K", "" + sizes.get("k"))
                        .replace("E", "" + sizes.get("experts")))
                .map(KernelShape::parse)
                .filter(kind.shapes()::isInstance)
                .findFirst()
                .orElseThrow(() -> new MxForgeException("The simulator makes no operands of the sizes of '"
                        + kind.stem() + "': it has M, N, K and experts."));
    }

    /** The launch with its operands in {@code memory}. */
    Sample in(SampleMemory memory) {
        Map<String, Long> addresses = new HashMap<>();
        operands.inputs().forEach((name, content) -> addresses.put(name, memory.upload(name, content)));
        operands.results().forEach((name, bytes) -> addresses.put(name, memory.allocate(name, bytes)));
        Object arguments = operands.arguments().apply(addresses);
        addresses.keySet().retainAll(operands.results().keySet());
        return new Sample(arguments, addresses, operands.fault());
    }
}
