package org.mxforge.runtime.simulate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** Arrays on a GPU. */
final class GpuMemory implements SampleMemory, AutoCloseable {
    private final DeviceArena arena;
    private final Map<Long, DeviceBuffer> buffers = new LinkedHashMap<>();

    GpuMemory(CudaContext gpu) {
        this.arena = new DeviceArena(gpu);
    }

    @Override
    public long upload(String name, byte[] content) {
        DeviceBuffer buffer = arena.upload("array '" + name + "'", content);
        buffers.put(buffer.address(), buffer);
        return buffer.address();
    }

    @Override
    public long allocate(String name, int bytes) {
        return upload(name, new byte[bytes]);
    }

    @Override
    public byte[] download(long address) {
        byte[] content = new byte[Math.toIntExact(buffers.get(address).bytes())];
        buffers.get(address).download(content);
        return content;
    }

    @Override
    public void close() {
        arena.close();
    }
}
