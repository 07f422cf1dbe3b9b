package org.mxforge.runtime.simulate;

import java.util.List;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.simulate.ptx.PtxKernel;

/** The arguments of a launch as the kernel sees them. */
final class Parameters {
    private Parameters() {}

    static Area of(PtxKernel kernel, KernelArguments arguments) {
        List<Number> values = arguments.values();
        List<PtxKernel.Parameter> wanted = kernel.parameters();
        if (values.size() != wanted.size()) {
            throw new MxForgeException(
                    "Kernel " + kernel.name() + " takes " + wanted.size() + " arguments, not " + values.size() + ".");
        }
        Area area = new Area("the parameters", 0, kernel.parameterBytes());
        for (int i = 0; i < values.size(); i++) {
            PtxKernel.Parameter parameter = wanted.get(i);
            long bits = values.get(i) instanceof Float number
                    ? Float.floatToRawIntBits(number)
                    : values.get(i).longValue();
            boolean isAddress = values.get(i) instanceof Long;
            if (isAddress != (parameter.bytes() == Long.BYTES)) {
                throw new MxForgeException("Argument " + i + " of kernel " + kernel.name() + " has " + parameter.bytes()
                        + " bytes in the kernel, but not in the launch.");
            }
            area.put(parameter.offset(), parameter.bytes(), bits);
        }
        return area;
    }
}
