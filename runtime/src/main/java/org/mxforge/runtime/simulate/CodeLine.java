package org.mxforge.runtime.simulate;

/**
 * Where an instruction is written.
 *
 * @param ptx line of the PTX, from 1
 * @param cuda line of the CUDA source, from 1; 0 if the compiler did not say
 */
record CodeLine(int ptx, int cuda) {
    @Override
    public String toString() {
        return cuda > 0 ? "CUDA line " + cuda + " (PTX line " + ptx + ")" : "PTX line " + ptx;
    }
}
