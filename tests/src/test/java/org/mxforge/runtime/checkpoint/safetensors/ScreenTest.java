package org.mxforge.runtime.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;

class ScreenTest {
    /** Each number alone, at each place of a word and behind the last whole one. */
    @Test
    void findsWhatIsNoNumberAndNothingElse() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            for (int place : new int[] {bits % 4, 4}) {
                ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
                bytes.putShort(2 * place, (short) bits);
                assertThat(Screen.of(ScalarType.BF16).finds(bytes, 0, 10))
                        .isEqualTo(!Float.isFinite(Bfloat16.toFloat((short) bits)));
                assertThat(Screen.of(ScalarType.FP16).finds(bytes, 0, 10))
                        .isEqualTo(!Float.isFinite(Float16.toFloat((short) bits)));
            }
        }
        for (int code = 0; code < 256; code++) {
            ByteBuffer bytes = ByteBuffer.allocate(11).put(code % 11, (byte) code);
            assertThat(Screen.SCALES.finds(bytes, 0, 11)).isEqualTo(code >= 0xfe);
            for (ElementFormat format : List.of(ElementFormat.E4M3, ElementFormat.E5M2)) {
                assertThat(Screen.of(format).finds(bytes, 0, 11)).isEqualTo(!Float.isFinite(format.decode(code)));
            }
        }
    }

    @Property(tries = 200)
    void amongOthers(@ForAll int bits, @ForAll @IntRange(max = 8) int place, @ForAll float others) {
        float filling = Float.isFinite(others) ? others : 1;
        ByteBuffer bytes = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 9; i++) {
            bytes.putFloat(4 * i, filling);
        }
        bytes.putInt(4 * place, bits);
        assertThat(Screen.of(ScalarType.FP32).finds(bytes, 0, 36))
                .isEqualTo(!Float.isFinite(Float.intBitsToFloat(bits)));
        assertThat(Screen.of(ScalarType.FP32).finds(bytes, 0, 4 * place)).isFalse();
    }

    @Test
    void looksAtWhatIsRead() {
        byte[] values = new byte[3 * ByteSource.PIECE];
        values[2 * ByteSource.PIECE + 7] = (byte) 0xff;
        ByteSource source =
                Screen.SCALES.over(ByteSource.of(values), () -> new MxForgeException("there is a bad scale"));
        source.read(0, ByteBuffer.allocate(2 * ByteSource.PIECE));
        assertThatThrownBy(source::all).hasMessage("there is a bad scale");
    }

    @Test
    void sourcesAreReadOneBehindTheOther() {
        byte[] all = new byte[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        ByteSource joined = ByteSource.joined(List.of(
                ByteSource.of(Arrays.copyOfRange(all, 0, 10)),
                ByteSource.of(new byte[0]),
                ByteSource.of(Arrays.copyOfRange(all, 10, 40)),
                ByteSource.of(Arrays.copyOfRange(all, 40, 100))));
        assertThat(joined.all()).isEqualTo(all);
        for (int from = 0; from < 100; from += 7) {
            ByteBuffer piece = ByteBuffer.allocate(Math.min(33, 100 - from));
            joined.read(from, piece);
            assertThat(piece.array()).isEqualTo(Arrays.copyOfRange(all, from, from + piece.capacity()));
        }
    }
}
