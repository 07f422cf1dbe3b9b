package org.mxforge.runtime.engine;

import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.cpu.CpuBackend;
import org.mxforge.runtime.cuda.backend.CudaBackend;
import org.mxforge.runtime.tune.VariantChooser;

/**
 * A device that is ready to run models.
 *
 * @param backend its operations
 */
public record Engine(Backend backend) implements AutoCloseable {
    /**
     * Opens the device that {@code settings} name.
     *
     * @throws org.mxforge.runtime.MxForgeException if it is a GPU and there is none
     */
    public static Engine open(EngineSettings settings) {
        return switch (settings.device().resolved()) {
            case CPU -> new Engine(new CpuBackend(settings.threads(), VariantChooser.DEFAULTS));
            default -> new Engine(new CudaBackend(VariantChooser.DEFAULTS));
        };
    }

    @Override
    public void close() {
        backend.close();
    }
}
