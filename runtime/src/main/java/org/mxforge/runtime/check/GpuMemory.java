package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.simulate.Finding;

/** Of a GPU. Arrays have margins that a kernel must leave alone, and results hold what no kernel writes. */
final class GpuMemory implements Memory {
    private static final byte POISON = (byte) 0xff;
    private static final int MARGIN = 1024;

    private final CudaContext gpu;
    private final KernelStore kernels;
    private final CudaStream stream;
    private final Map<Long, Array> arrays = new HashMap<>();

    private record Array(String name, DeviceBuffer buffer, int bytes) {}

    GpuMemory(CudaContext gpu, KernelStore kernels) {
        this.gpu = gpu;
        this.kernels = kernels;
        gpu.attach();
        this.stream = gpu.stream();
    }

    @Override
    public long upload(String name, byte[] content) {
        byte[] all = new byte[content.length + 2 * MARGIN];
        Arrays.fill(all, POISON);
        System.arraycopy(content, 0, all, MARGIN, content.length);
        DeviceBuffer buffer = gpu.allocate(name, all.length);
        buffer.upload(all);
        arrays.put(buffer.address() + MARGIN, new Array(name, buffer, content.length));
        return buffer.address() + MARGIN;
    }

    @Override
    public long uploadResult(String name, byte[] content) {
        return upload(name, content);
    }

    @Override
    public long allocate(String name, int bytes) {
        byte[] poisoned = new byte[bytes];
        Arrays.fill(poisoned, POISON);
        return upload(name, poisoned);
    }

    @Override
    public byte[] download(long address) {
        return Arrays.copyOfRange(all(arrays.get(address)), MARGIN, MARGIN + arrays.get(address).bytes);
    }

    private static byte[] all(Array array) {
        byte[] all = new byte[array.bytes + 2 * MARGIN];
        array.buffer.download(all);
        return all;
    }

    @Override
    public List<Finding> launch(KernelVariant variant, Record arguments) {
        kernels.<Record>kernel(variant).launch(stream, arguments);
        stream.synchronize();
        List<Finding> findings = new ArrayList<>();
        for (Array array : arrays.values()) {
            byte[] all = all(array);
            for (int i = 0; i < MARGIN; i++) {
                if (all[i] != POISON || all[all.length - 1 - i] != POISON) {
                    findings.add(Finding.of(
                            Finding.Kind.OUT_OF_BOUNDS,
                            variant.identifier(),
                            "what lies beside array '" + array.name + "' was written"));
                    break;
                }
            }
        }
        return findings;
    }

    @Override
    public void close() {
        arrays.values().forEach(array -> array.buffer.close());
        stream.close();
    }
}
