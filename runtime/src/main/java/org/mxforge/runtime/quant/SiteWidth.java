package org.mxforge.runtime.quant;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.MxForgeException;

/** Which widths can be quantized. */
final class SiteWidth {
    private SiteWidth() {}

    /**
     * Makes sure that {@code channels} can be cut into parts of {@code granularity}.
     *
     * @throws MxForgeException naming the site and, where there is one, a granularity that would do
     */
    static void check(String site, int channels, int granularity) {
        if (channels % GroupLayout.GROUP != 0) {
            throw new MxForgeException(site + " has " + channels + " channels, not a multiple of " + GroupLayout.GROUP
                    + ", the MX group: this model cannot be quantized, use the recipe bf16");
        }
        if (channels % granularity != 0) {
            String others = Stream.of(64, 32)
                    .filter(smaller -> channels % smaller == 0)
                    .map(smaller -> "granularity=" + smaller)
                    .collect(Collectors.joining(" or "));
            throw new MxForgeException(site + " has " + channels + " channels, not a multiple of granularity "
                    + granularity + ": use " + others);
        }
    }
}
