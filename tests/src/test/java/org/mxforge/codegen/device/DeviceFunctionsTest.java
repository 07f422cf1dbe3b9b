package org.mxforge.codegen.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.DeviceFunction;
import org.mxforge.dsl.format.ElementCodec;
import org.mxforge.dsl.format.ScaleCodec;

/** The codecs' CUDA text: complete, and as it was reviewed. */
class DeviceFunctionsTest {
    @Test
    void everyMarkedMethodIsThere() {
        Stream.of(ElementCodec.class, ScaleCodec.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(DeviceFunction.class))
                .forEach(method -> assertThat(DeviceFunctions.cuda()).contains(head(method)));
    }

    private static String head(Method method) {
        String stem =
                method.getDeclaringClass().getSimpleName().replace("Codec", "").toLowerCase(Locale.ROOT);
        return "__device__ __forceinline__ " + method.getReturnType() + " " + stem + "_" + method.getName() + "(";
    }

    /** If a codec was changed on purpose, read the new text as the device code that it is, then store it as the golden file. */
    @Test
    void theTextIsTheGoldenOne() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("codecs.golden.cu")) {
            assertThat(DeviceFunctions.cuda()).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
