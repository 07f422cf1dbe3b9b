package org.mxforge.runtime.quant;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.runtime.base.MxForgeException;

/**
 * The channels of an input that one of several devices has: of every partition its part, in whole tiles of the split's granularity. What a
 * partition has over is dealt out, and the next partition goes on with the device behind the last, so that all get as many channels.
 *
 * @param split of the whole input
 * @param pieces of each partition, in their order; some may be empty
 */
record ChannelShare(ChannelSplit split, List<Piece> pieces) {
    /**
     * Some channels of a partition.
     *
     * @param before reordered channels before the partition
     * @param from the first, counted in the partition
     * @param channels how many
     */
    record Piece(int before, int from, int channels) {}

    /**
     * The share of device {@code index} of {@code count}.
     *
     * @throws MxForgeException if the channels are not as many whole tiles for each
     */
    static ChannelShare of(ChannelSplit split, int index, int count) {
        int tile = split.granularity();
        if (split.channels() % (tile * count) != 0) {
            throw new MxForgeException(split.channels() + " channels in tiles of " + tile + " cannot be shared by "
                    + count + " GPUs: use fewer GPUs or a recipe of a finer granularity");
        }
        List<Piece> pieces = new ArrayList<>();
        int before = 0;
        int next = 0;
        for (Partition partition : split.partitions()) {
            int tiles = partition.channels() / tile;
            int from = 0;
            for (int device = 0; device < index; device++) {
                from += tiles(tiles, device, next, count);
            }
            pieces.add(new Piece(before, from * tile, tiles(tiles, index, next, count) * tile));
            before += partition.channels();
            next = (next + tiles) % count;
        }
        return new ChannelShare(split, pieces);
    }

    /** How many of {@code tiles} tiles a device gets if those left over go to the devices from {@code next} on. */
    private static int tiles(int tiles, int device, int next, int count) {
        return tiles / count + (Math.floorMod(device - next, count) < tiles % count ? 1 : 0);
    }

    /** How many each device has. */
    int channels() {
        return pieces.stream().mapToInt(Piece::channels).sum();
    }

    /** The split of these channels. */
    ChannelSplit own() {
        List<Partition> own = IntStream.range(0, pieces.size())
                .filter(i -> pieces.get(i).channels() > 0)
                .mapToObj(i -> new Partition(
                        split.partitions().get(i).formats(), pieces.get(i).channels()))
                .toList();
        return new ChannelSplit(own, split.granularity(), split.groups());
    }

    /** Their numbers where the reordered channels have those of {@code order}. */
    int[] numbers(int[] order) {
        return pieces.stream()
                .flatMapToInt(piece ->
                        IntStream.range(0, piece.channels()).map(i -> order[piece.before() + piece.from() + i]))
                .toArray();
    }
}
