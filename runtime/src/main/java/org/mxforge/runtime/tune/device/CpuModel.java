package org.mxforge.runtime.tune.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What processor this is. */
final class CpuModel {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final String FIELD = "model name";

    private CpuModel() {}

    /** As Linux names it, or else the architecture. */
    static String name() {
        try (Stream<String> lines = Files.lines(CPUINFO)) {
            return lines.filter(line -> line.startsWith(FIELD) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(CpuModel::architecture);
        } catch (IOException e) {
            return architecture();
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch") + " processor";
    }
}
