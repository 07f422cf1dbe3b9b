package org.mxforge.runtime.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which tensors go to which file: in order, a new file where the next would make one larger than the limit.
 *
 * @param shards the tensors of each file; at least one file
 */
record ShardPlan(List<List<StoredItem>> shards) {
    static ShardPlan of(List<StoredItem> items, long limit) {
        List<List<StoredItem>> shards = new ArrayList<>();
        List<StoredItem> current = new ArrayList<>();
        long bytes = 0;
        for (StoredItem item : items) {
            if (!current.isEmpty() && bytes + item.bytes() > limit) {
                shards.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(item);
            bytes += item.bytes();
        }
        shards.add(current);
        return new ShardPlan(shards);
    }

    /** The name of file {@code index}, as Hugging Face names them. */
    String file(int index) {
        return shards.size() == 1
                ? "model.safetensors"
                : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", index + 1, shards.size());
    }
}
