package org.cosmosj.tensor.internal.cpu.machine;

import java.util.ArrayList;
import java.util.List;

/** Every form of every kernel at the standard tiling, and some tilings that tuners may ask for. */
final class Kernels {
    static final Tiling STANDARD = new Tiling(14, 2, 4, 512, 196, 1024);
    static final List<Tiling> TILINGS = List.of(STANDARD, new Tiling(9, 3, 8, 0, 180, 960),
            new Tiling(6, 4, 1, 256, 180, 1024), new Tiling(24, 1, 2, 512, 192, 1024));

    private Kernels() {}

    static List<Kernel> all() {
        List<Kernel> kernels = new ArrayList<>();
        for (Packing packing : Packing.values()) {
            for (int lines = 1; lines <= 16; lines++) {
                kernels.add(new LinesAlongDepth(packing, lines));
            }
            kernels.add(new LinesAcrossPanels(packing, 1));
            kernels.add(new LinesAcrossPanels(packing, 2));
        }
        for (Arithmetic arithmetic : Arithmetic.values()) {
            for (Tiling tiling : TILINGS) {
                for (int vectors = 1; vectors <= tiling.vectors(); vectors++) {
                    for (int rows : new int[] {1, tiling.rows() / 2, tiling.rows()}) {
                        kernels.add(new TileKernel(arithmetic, rows, vectors, false, tiling));
                        kernels.add(new TileKernel(arithmetic, rows, vectors, true, tiling));
                    }
                }
            }
            for (int vectors = 1; vectors <= 4; vectors++) {
                for (int lines : new int[] {1, SlimKernel.mostLines(vectors)}) {
                    kernels.add(new SlimKernel(arithmetic, lines, vectors, Vec.Width.Z));
                }
            }
            kernels.add(new SlimKernel(arithmetic, 8, 1, Vec.Width.X));
            kernels.add(new SlimKernel(arithmetic, 8, 1, Vec.Width.Y));
        }
        return kernels;
    }
}
