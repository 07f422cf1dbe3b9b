package org.mxforge.codegen.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** The translated codecs with the kernels of {@code codec_probe.cu} around them. */
final class CodecProbe {
    private CodecProbe() {}

    static CompiledKernel compile(Target target) {
        try (InputStream probes = CodecProbe.class.getResourceAsStream("codec_probe.cu")) {
            String source = DeviceFunctions.cuda() + "\n" + new String(probes.readAllBytes(), StandardCharsets.UTF_8);
            return Nvrtc.load().compile("codec_probe", source, target, ImageKind.CUBIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
