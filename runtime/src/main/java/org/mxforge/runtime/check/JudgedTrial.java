package org.mxforge.runtime.check;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.JudgedKind;
import org.mxforge.dsl.spec.KernelSpec;

/** A kind that says itself what its kernels are tried on, and what is right there. */
record JudgedTrial(JudgedKind<KernelSpec> kind, KernelSpec spec) implements Trial {
    private static final List<String> FORMS = List.of("m,k", "m,n,k", "e,m,n,k");
    private static final int STEP = 32;

    @Override
    public List<Extent> extents() {
        return Stream.of(form().split(",")).map(JudgedTrial::extent).toList();
    }

    private static Extent extent(String name) {
        return switch (name) {
            case "k" -> Extent.of(name, 256, STEP, STEP, 512);
            case "e" -> Extent.any(name, 6, 8);
            default -> Extent.any(name, 40, 150);
        };
    }

    /** The sizes of its shapes, by their letters. */
    private String form() {
        return FORMS.stream()
                .filter(form -> kind.shapes().isInstance(KernelShape.parse(form.replaceAll("(\\w)", "$164"))))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "operands of '" + kind.stem() + "' cannot be made: they have M, N, K and experts at most"));
    }

    @Override
    public Set<Data> data() {
        return EnumSet.of(Data.RANDOM);
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return true;
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        String text = Stream.of(form().split(","))
                .map(name -> name + of.sizes().get(name))
                .collect(Collectors.joining(","));
        KernelShape shape = KernelShape.parse(text);
        if (kind.work(spec, OperandLayout.PLAIN, shape).isEmpty()) {
            throw new IllegalArgumentException("kernels of '" + spec.text() + "' have no shape " + text);
        }
        TrialOperands trial = kind.trial(spec, shape);
        Map<String, Long> addresses = new HashMap<>();
        trial.inputs().forEach((name, content) -> addresses.put(name, operands.bytes(name, content)));
        trial.results().forEach((name, bytes) -> addresses.put(name, operands.room(name, bytes)));
        Map<String, Long> results = new HashMap<>(addresses);
        results.keySet().retainAll(trial.results().keySet());
        return new Launched(trial.arguments().apply(addresses), List.of(memory -> {
            Map<String, byte[]> written = new HashMap<>();
            results.forEach((name, address) -> written.put(name, memory.download(address)));
            return Verdict.of(trial.fault().apply(written));
        }));
    }
}
