package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.guide.GroupMaxSpec;
import com.example.guide.OwnTile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.DeviceKind;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.tests.gpu.GpuTest;

/** The part of the guide to kernels of one's own that needs a GPU. */
@Tag("gpu")
class KernelGuideGpuTest {
    @Test
    void theOwnTileIsLaunchedFromPython(@TempDir Path folder) throws Exception {
        Target target = GpuTest.context().device().target();
        Path product = folder.resolve("product");
        OwnTile.main(new String[] {target.text(), product.toString()});
        Process python = new ProcessBuilder(
                        "sh",
                        "-c",
                        "! command -v python3 > /dev/null || python3 src/outside/launch.py \"$0\"",
                        "" + product)
                .redirectErrorStream(true)
                .start();
        String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeFalse(printed.isEmpty(), "THE LAUNCH FROM PYTHON IS SKIPPED: there is no python3");
        assertThat(python.waitFor()).as(printed).isZero();
        assertThat(printed).endsWith("768000 of 768000 results are 4096\n");
    }

    @Test
    void theOwnKindIsTuned() {
        Target target = GpuTest.context().device().target();
        KernelSpec spec = new GroupMaxSpec(32);
        try (Engine engine =
                Engine.open(EngineOptions.defaults().withDevice(DeviceKind.GPU).withTuning(TuneMode.OFF))) {
            List<WisdomStore.Tried> tried = engine.race(List.of(KernelVariant.of(spec, target)), "m512,k4096");
            assertThat(tried)
                    .allMatch(trial -> trial.status().equals("correct"))
                    .hasSize(1);
        }
    }
}
