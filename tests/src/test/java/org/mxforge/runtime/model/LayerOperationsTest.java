package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;

/** What a decoding step asks of a backend, each of which is a kernel where layers are quantized: ten for a layer. */
class LayerOperationsTest {
    private static final Set<String> WORK = Set.of(
            "embed", "input", "linear", "linearSection", "append", "attention", "add", "gatherOutputs", "sample");

    private static final List<String> LAYER =
            List.of("input", "linear", "append", "attention", "input", "linear", "input", "linear", "input", "linear");

    /** {@code backend}, and in {@code asked} what of it was called. */
    private static Backend recording(Backend backend, List<String> asked) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (WORK.contains(method.getName())) {
                        asked.add(method.getName());
                    }
                    try {
                        Object result = method.invoke(backend, arguments);
                        return result instanceof Backend other ? recording(other, asked) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"fx-llama", "fx-qwen2"})
    void aStepOfADenseModel(String name) {
        List<String> asked = new ArrayList<>();
        Backend backend = recording(new ReferenceBackend(), asked);
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend);
                KvCache cache = decoder.newCache(1, 8);
                KvCache.Sequence text = cache.open();
                DecodeSteps steps = new DecodeSteps(decoder, cache, 1)) {
            asked.clear();
            steps.next(List.of(new Batch.Part(text, new int[] {3}, 1)));
            Stream<String> layers = Stream.generate(() -> LAYER)
                    .limit(decoder.config().layers())
                    .flatMap(List::stream);
            List<String> head = List.of("gatherOutputs", "input", "linear", "sample");
            assertThat(asked)
                    .containsExactlyElementsOf(Stream.concat(Stream.concat(Stream.of("embed"), layers), head.stream())
                            .toList());
        }
    }
}
