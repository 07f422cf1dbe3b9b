package org.mxforge.runtime.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.tune.wisdom.ShippedWisdom;
import org.mxforge.runtime.tune.wisdom.WisdomBook;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;

/** The wisdom there is on this machine. */
final class WisdomSources {
    private WisdomSources() {}

    /** The user's own. */
    static WisdomFolder folder() {
        return new WisdomFolder(ArtifactCache.user().root().resolve("wisdom"));
    }

    /** All files by where they are, in the order they are consulted: the user's own, then the shipped ones. */
    static Map<String, WisdomBook> books() {
        Map<String, WisdomBook> books = new LinkedHashMap<>();
        folder().files().forEach(file -> books.put(file.toString(), WisdomFolder.read(file)));
        ShippedWisdom.files().forEach(file -> books.put("shipped/" + file, ShippedWisdom.read(file)));
        return books;
    }
}
