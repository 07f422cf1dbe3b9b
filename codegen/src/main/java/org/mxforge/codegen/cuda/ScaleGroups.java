package org.mxforge.codegen.cuda;

import java.util.List;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * The groups of a kernel's operands, for templates of the portable family. A thread takes eight codes at a time and four threads the
 * 32 of a step along K, so that a team of threads has a group.
 *
 * @param size elements of a group
 * @param mx whether a step of 32 codes is a group
 * @param lanes threads of a team
 * @param team what to call them
 * @param mask the bits of the first team in a warp
 * @param start the bits of a lane's number that tell its team
 * @param distances between the lanes that exchange what they found, until all of a team know it
 * @param codec stem of the device functions of the scale format
 */
public record ScaleGroups(
        int size, boolean mx, int lanes, String team, int mask, int start, List<Integer> distances, String codec) {
    private static final int CODES_OF_LANE = 8;

    private static final int WARP = 32;

    public static ScaleGroups of(GroupLayout groups) {
        int lanes = groups.size() / CODES_OF_LANE;
        return new ScaleGroups(
                groups.size(),
                groups.size() == GroupLayout.GROUP,
                lanes,
                switch (lanes) {
                    case 2 -> "pair";
                    case 4 -> "quad";
                    case 8 -> "team";
                    default -> throw new IllegalArgumentException("no team has " + lanes + " threads");
                },
                (1 << lanes) - 1,
                WARP - lanes,
                List.of(1, 2, 4).stream().filter(distance -> distance < lanes).toList(),
                DeviceFunctions.stem(groups.format().codec()));
    }
}
