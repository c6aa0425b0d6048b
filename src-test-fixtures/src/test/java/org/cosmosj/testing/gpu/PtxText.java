package org.cosmosj.testing.gpu;

/** Pieces of PTX that tests put kernels together from. */
final class PtxText {
    static final String HEADER = ".version 8.0\n.target sm_80\n.address_size 64\n.file 1 \"test.cu\"\n";
    /** 40 registers of each kind. */
    static final String REGISTERS = ".reg .pred %p<40>;\n.reg .b16 %rs<40>;\n.reg .b32 %r<40>;\n.reg .f32 %f<40>;\n"
            + ".reg .b64 %rd<40>;\n.reg .f64 %fd<40>;\n";

    private PtxText() {}

    /** The start of a kernel with 64-bit parameters NAME_param_0, .. */
    static String entry(String name, int parameters) {
        StringBuilder text = new StringBuilder(".visible .entry ").append(name).append('(');
        for (int i = 0; i < parameters; i++) {
            text.append(i == 0 ? "" : ", ").append(".param .u64 ").append(name).append("_param_").append(i);
        }
        return text.append(")\n{\n").toString();
    }

    /** A whole module of one kernel {@code k} whose parameters are loaded into %rd0, %rd1, .. */
    static String kernel(int parameters, String shared, String body) {
        StringBuilder text = new StringBuilder(HEADER).append(entry("k", parameters)).append(REGISTERS).append(shared);
        for (int i = 0; i < parameters; i++) {
            text.append("ld.param.u64 %rd").append(i).append(", [k_param_").append(i).append("];\n");
        }
        return text.append(body).append("ret;\n}\n").toString();
    }

    /** The registers that hold values of a type. */
    static String register(String type) {
        return switch (type) {
            case "pred" -> "%p";
            case "f16", "u16", "s16", "b16" -> "%rs";
            case "f32" -> "%f";
            case "f64" -> "%fd";
            default -> type.endsWith("64") ? "%rd" : "%r";
        };
    }

    static String load(String type, int register, String address) {
        return switch (type) {
            case "pred" -> "ld.global.u32 %r29, [" + address + "];\nsetp.ne.s32 %p" + register + ", %r29, 0;\n";
            default -> "ld.global." + memory(type) + " " + register(type) + register + ", [" + address + "];\n";
        };
    }

    static String store(String type, int register, String address) {
        return switch (type) {
            case "pred" -> "selp.b32 %r29, 1, 0, %p" + register + ";\nst.global.u32 [" + address + "], %r29;\n";
            default -> "st.global." + memory(type) + " [" + address + "], " + register(type) + register + ";\n";
        };
    }

    private static String memory(String type) {
        return type.equals("f32") || type.equals("f64") ? type : "u" + type.substring(1);
    }
}
