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

    /** What channels may have to be a multiple of: the least that has work is. */
    private static final List<Integer> STEPS = List.of(8, 16, 32, 64, 128, 256, 512);

    @Override
    public List<Extent> extents() {
        String form = form();
        int step = STEPS.stream()
                .filter(channels -> hasWork(form.replaceAll("([emn])", "$164").replace("k", "k" + channels)))
                .findFirst()
                .orElse(1);
        return Stream.of(form.split(",")).map(name -> extent(name, step)).toList();
    }

    private boolean hasWork(String shape) {
        return kind.work(spec, OperandLayout.PLAIN, KernelShape.parse(shape)).isPresent();
    }

    private static Extent extent(String name, int step) {
        return switch (name) {
            case "k" -> Extent.of(name, (256 + step - 1) / step * step, step, step, Math.max(512, 2 * step));
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
        if (!hasWork(text)) {
            throw new IllegalArgumentException("kernels of '" + spec.text() + "' have no shape " + text);
        }
        TrialOperands trial = kind.trial(spec, KernelShape.parse(text));
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
