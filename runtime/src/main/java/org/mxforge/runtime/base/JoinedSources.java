package org.mxforge.runtime.base;

import java.nio.ByteBuffer;
import java.util.List;

/** Sources one behind the other. */
record JoinedSources(List<ByteSource> sources) implements ByteSource {
    JoinedSources {
        sources = List.copyOf(sources);
    }

    @Override
    public long length() {
        return sources.stream().mapToLong(ByteSource::length).sum();
    }

    @Override
    public void read(long from, ByteBuffer into) {
        long begin = from;
        for (ByteSource source : sources) {
            long here = source.length() - begin;
            if (here > 0 && into.hasRemaining()) {
                int count = (int) Math.min(here, into.remaining());
                source.read(begin, into.slice(into.position(), count));
                into.position(into.position() + count);
                begin = source.length();
            }
            begin -= source.length();
        }
    }
}
