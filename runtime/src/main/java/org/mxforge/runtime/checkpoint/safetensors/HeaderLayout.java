package org.mxforge.runtime.checkpoint.safetensors;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;

/**
 * The rules of where tensors lie: side by side from the first byte of the data to the last, without overlap or hole, each as
 * large as its type and shape say, if the type is known. Without them a small file could alias one range thousands of times and ask for terabytes.
 */
final class HeaderLayout {
    private HeaderLayout() {}

    /** The tensors by name, in order of their data. */
    static Map<String, TensorInfo> check(String where, List<TensorInfo> tensors, long dataBytes) {
        Map<String, TensorInfo> byName = new LinkedHashMap<>();
        long position = 0;
        for (TensorInfo tensor : tensors.stream()
                .sorted(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end))
                .toList()) {
            String what = where + ": tensor '" + tensor.name() + "' ";
            if (tensor.begin() != position) {
                throw new MxForgeException(
                        what + "begins at byte " + tensor.begin() + " of the data instead of " + position
                                + (tensor.begin() < position ? ", so it overlaps another" : ", which leaves a hole"));
            }
            if (tensor.end() < tensor.begin()) {
                throw new MxForgeException(what + "ends at byte " + tensor.end() + ", before its begin");
            }
            TensorType.named(tensor.dtype()).ifPresent(type -> checkSize(what, tensor, type));
            position = tensor.end();
            byName.put(tensor.name(), tensor);
        }
        if (position != dataBytes) {
            throw new MxForgeException(where + " holds " + dataBytes + " bytes of data but its header describes "
                    + position + ": the file is " + (position > dataBytes ? "truncated" : "damaged")
                    + ", fetch it again");
        }
        return byName;
    }

    private static void checkSize(String what, TensorInfo tensor, TensorType type) {
        long size = size(what, tensor, type);
        if (tensor.bytes() != size) {
            throw new MxForgeException(what + "of type " + type + " and shape " + tensor.shape() + " needs " + size
                    + " bytes but its offsets span " + tensor.bytes());
        }
    }

    private static long size(String what, TensorInfo tensor, TensorType type) {
        try {
            long bits = type.bits();
            for (long dimension : tensor.shape()) {
                bits = Math.multiplyExact(bits, dimension);
            }
            if (bits % Byte.SIZE != 0) {
                throw new MxForgeException(
                        what + "of type " + type + " and shape " + tensor.shape() + " does not fill whole bytes");
            }
            return bits / Byte.SIZE;
        } catch (ArithmeticException e) {
            throw new MxForgeException(what + "is impossibly large: shape " + tensor.shape(), e);
        }
    }
}
