package org.mxforge.runtime.exec.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.mxforge.runtime.exec.spi.Peer;

/**
 * Asks devices one after the other; outside of that the calling thread works on the first.
 *
 * @param peers the devices, two or more
 */
record Shards(List<Peer> peers) {
    Shards {
        peers = List.copyOf(peers);
    }

    int count() {
        return peers.size();
    }

    Peer first() {
        return peers.get(0);
    }

    Peer at(int device) {
        return peers.get(device);
    }

    /** Asks each. */
    void each(IntConsumer work) {
        each(count(), work);
    }

    /** Asks the first {@code count}. */
    void each(int count, IntConsumer work) {
        try {
            for (int device = 0; device < count; device++) {
                peers.get(device).enter();
                work.accept(device);
            }
        } finally {
            first().enter();
        }
    }

    /** What each makes; where one fails, what the others made is closed. */
    <T> List<T> all(IntFunction<T> maker) {
        return all(count(), maker);
    }

    /** What each of the first {@code count} makes. */
    <T> List<T> all(int count, IntFunction<T> maker) {
        List<T> made = new ArrayList<>();
        try {
            each(count, device -> made.add(maker.apply(device)));
            return List.copyOf(made);
        } catch (RuntimeException e) {
            close(made);
            throw e;
        }
    }

    private static void close(List<?> made) {
        for (Object one : made) {
            if (one instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    // The failure before it is the one to be told.
                }
            }
        }
    }

    /** Other devices of the same kind, one for each. */
    Shards map(Function<Peer, Peer> other) {
        return new Shards(all(device -> other.apply(at(device))));
    }

    /** Lets what is asked of each from now on wait for all that was asked of the others. */
    void meet() {
        for (Peer peer : peers) {
            for (Peer other : peers) {
                if (other != peer) {
                    peer.await(other);
                }
            }
        }
    }

    /** All but the first. */
    List<Peer> others() {
        return IntStream.range(1, count()).mapToObj(peers::get).toList();
    }
}
