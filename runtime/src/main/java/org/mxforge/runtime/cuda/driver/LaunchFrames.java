package org.mxforge.runtime.cuda.driver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The frames of one context: as many as threads have launched at the same moment. */
final class LaunchFrames implements AutoCloseable {
    private final Queue<LaunchFrame> idle = new ConcurrentLinkedQueue<>();

    /** A frame that no other thread uses until it is given back. */
    public LaunchFrame take() {
        LaunchFrame frame = idle.poll();
        return frame == null ? LaunchFrame.allocate() : frame;
    }

    public void giveBack(LaunchFrame frame) {
        idle.add(frame);
    }

    @Override
    public void close() {
        for (LaunchFrame frame = idle.poll(); frame != null; frame = idle.poll()) {
            frame.close();
        }
    }
}
