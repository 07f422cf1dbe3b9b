package org.mxforge.runtime.simulate;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxOperand;

/** Steps that do the same in each lane on its own registers. */
final class Lanes {
    static final int COUNT = 32;

    @FunctionalInterface
    interface Ternary {
        long apply(long a, long b, long c);
    }

    private Lanes() {}

    /** The bits that a register keeps. */
    static long mask(PtxOperand.Register register) {
        return register.bits() >= Long.SIZE ? -1 : (1L << register.bits()) - 1;
    }

    static Step unary(PtxOperand.Register to, int a, LongUnaryOperator operator) {
        long mask = mask(to);
        int d = to.slot() * COUNT;
        int first = a * COUNT;
        return (warp, lanes) -> {
            long[] values = warp.registers;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                values[d + lane] = operator.applyAsLong(values[first + lane]) & mask;
            }
        };
    }

    static Step binary(PtxOperand.Register to, int a, int b, LongBinaryOperator operator) {
        long mask = mask(to);
        int d = to.slot() * COUNT;
        int first = a * COUNT;
        int second = b * COUNT;
        return (warp, lanes) -> {
            long[] values = warp.registers;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                values[d + lane] = operator.applyAsLong(values[first + lane], values[second + lane]) & mask;
            }
        };
    }

    static Step ternary(PtxOperand.Register to, int a, int b, int c, Ternary operator) {
        long mask = mask(to);
        int d = to.slot() * COUNT;
        int first = a * COUNT;
        int second = b * COUNT;
        int third = c * COUNT;
        return (warp, lanes) -> {
            long[] values = warp.registers;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                values[d + lane] =
                        operator.apply(values[first + lane], values[second + lane], values[third + lane]) & mask;
            }
        };
    }
}
