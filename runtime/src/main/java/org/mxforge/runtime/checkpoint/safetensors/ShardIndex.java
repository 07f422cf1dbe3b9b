package org.mxforge.runtime.checkpoint.safetensors;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * The index of a sharded checkpoint: which file holds which tensor.
 *
 * @param shards file name by tensor name; each a plain name of a file beside the index
 */
record ShardIndex(Map<String, String> shards) {
    private static final long MAX_BYTES = 256L << 20;

    /** No separators and no leading dot, so that a name cannot lead out of the folder. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}\\.safetensors");

    /** Reads {@code model.safetensors.index.json}. */
    static ShardIndex read(Path file) {
        JsonFields fields = StrictJson.read(file, MAX_BYTES);
        Map<String, String> shards = fields.textMap("weight_map");
        if (shards.isEmpty()) {
            throw new MxForgeException(file + " has an empty weight_map: fetch it again");
        }
        for (String shard : shards.values()) {
            if (!FILE_NAME.matcher(shard).matches()) {
                throw new MxForgeException(file + " names the shard '" + shard
                        + "', which is not a plain name of a .safetensors file beside it");
            }
        }
        return new ShardIndex(shards);
    }
}
