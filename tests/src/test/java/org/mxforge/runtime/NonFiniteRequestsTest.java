package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.Request.State;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.model.Fixtures;

/** Requests whose logits overflow among others whose logits do not. */
class NonFiniteRequestsTest {
    private static final SchedulerOptions OPTIONS =
            SchedulerOptions.defaults().withSequences(6).withCache(64, 384).withStepTokens(64);

    @TempDir
    private Path folder;

    @Test
    void eachFailsAsItDoesAloneAndHarmsNoOther() throws IOException {
        Random random = new Random(2);
        List<int[]> prompts = IntStream.range(0, 40)
                .mapToObj(i -> random.ints(3 + i % 20, 0, 512).toArray())
                .toList();
        try (Engine engine = Engine.open(ServedModel.CPU);
                Model model = engine.load(ModelFolder.open(overflowing()));
                Scheduler together = model.scheduler(OPTIONS);
                Scheduler alone = model.scheduler(OPTIONS.withSequences(1))) {
            List<Request> beside =
                    prompts.stream().map(prompt -> submit(together, prompt)).toList();
            together.finish();
            for (int i = 0; i < beside.size(); i++) {
                Request one = submit(alone, prompts.get(i));
                alone.finish();
                assertThat(beside.get(i).state()).isEqualTo(one.state());
                if (one.state() == State.FINISHED) {
                    assertThat(beside.get(i).result().join().ids())
                            .isEqualTo(one.result().join().ids());
                } else {
                    assertThatThrownBy(beside.get(i).result()::join)
                            .cause()
                            .isInstanceOf(MxForgeException.class)
                            .hasMessageContaining("the model's logits are not finite after ")
                            .hasMessageContaining("generate says where");
                }
            }
            assertThat(beside.stream().map(Request::state).distinct())
                    .containsExactlyInAnyOrder(State.FINISHED, State.FAILED);
            assertThat(together.load().freeTokens()).isEqualTo(together.load().cacheTokens());
        }
    }

    private static Request submit(Scheduler scheduler, int[] prompt) {
        return scheduler.submitTokens(prompt, new GenerationOptions(6, 0, 1, 0), id -> {});
    }

    /** A fixture with one logit that is too large wherever one channel of what the last norm gives is above 1. */
    private Path overflowing() throws IOException {
        Path source = Fixtures.folder("fx-llama");
        TensorStore store = TensorStore.open(source);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : store.names()) {
            float[] values = store.f32(name);
            if (name.equals("lm_head.weight")) {
                Arrays.fill(values, 7 * 128, 8 * 128, 0);
                values[7 * 128 + 5] = Float.MAX_VALUE;
            }
            long[] shape =
                    store.info(name).shape().stream().mapToLong(Long::longValue).toArray();
            writer.add(
                    name,
                    TensorType.F32,
                    SafetensorsWriter.Payload.of(ScalarArray.rounded(ScalarType.FP32, values)),
                    shape);
        }
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.copy(source.resolve("config.json"), model.resolve("config.json"));
        writer.write(model.resolve("model.safetensors"));
        return model;
    }
}
