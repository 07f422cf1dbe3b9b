package org.mxforge.runtime.tune.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.cuda.driver.CudaDevice;

/** Which driver this is. The driver API tells the CUDA version alone; the release is what decides about speed. */
final class DriverRelease {
    private static final Path KERNEL_MODULE = Path.of("/proc/driver/nvidia/version");
    private static final Pattern RELEASE = Pattern.compile("\\s(\\d{3,}(?:\\.\\d+)+)\\s");

    private DriverRelease() {}

    /** Such as {@code NVIDIA 580.159.04, CUDA 13.0}; without the release where the system does not tell it. */
    public static String text(CudaDevice device) {
        String cuda = "CUDA " + device.driver();
        try {
            Matcher release = RELEASE.matcher(Files.readString(KERNEL_MODULE));
            return release.find() ? "NVIDIA " + release.group(1) + ", " + cuda : cuda;
        } catch (IOException e) {
            return cuda;
        }
    }
}
