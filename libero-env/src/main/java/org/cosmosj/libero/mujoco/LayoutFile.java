package org.cosmosj.libero.mujoco;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.cosmosj.libero.mujoco.StructTable.Field;
import org.cosmosj.libero.mujoco.StructTable.Kind;
import org.cosmosj.libero.mujoco.StructTable.Struct;

/**
 * Layouts as text, for versions whose headers are not installed. Made by the same parser from the headers of the
 * release:
 *
 * <pre>
 * version 222
 * constant mjOBJ_BODY 1
 * struct mjModel 2312 8
 * field 0 I32 1 nq
 * field 1104 F64 1 body_pos * nbody 3
 * field 656 STRUCT 1 opt mjOption
 * </pre>
 */
final class LayoutFile {

    /** Structs that this package reads. */
    static final List<String> STRUCTS = List.of("mjOption", "mjVisual", "mjStatistic", "mjModel", "mjContact",
            "mjWarningStat", "mjData", "mjvCamera", "mjvOption", "mjvScene", "mjrContext");
    private static final String FOLDER = "layouts/";

    private LayoutFile() {
    }

    /**
     * The layouts of a known version.
     *
     * @param version what {@code mj_version()} returns
     * @return its layouts, or empty if the version is unknown
     */
    static Optional<StructTable> known(int version) {
        String name = FOLDER + version + ".txt";
        try (InputStream in = LayoutFile.class.getResourceAsStream(name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new MujocoException("MuJoCo layouts " + name + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    static String write(StructTable table) {
        StringBuilder out = new StringBuilder("version " + table.version() + "\n");
        table.constants().forEach((name, value) -> out.append("constant ").append(name).append(' ').append(value)
                .append('\n'));
        for (String name : STRUCTS) {
            Struct struct = table.struct(name);
            out.append("struct ").append(name).append(' ').append(struct.size()).append(' ')
                    .append(struct.alignment()).append('\n');
            struct.fields().forEach((path, field) -> out.append(line(path, field)).append('\n'));
        }
        return out.toString();
    }

    private static String line(String path, Field field) {
        String end = field.pointer() ? " * " + field.extent() : " " + field.struct();
        return ("field " + field.offset() + " " + field.kind() + " " + field.count() + " " + path + end).strip();
    }

    static StructTable read(String text) {
        StructTable table = null;
        Struct struct = null;
        for (String line : text.split("\n")) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "version" -> table = new StructTable(Integer.parseInt(words[1]));
                case "constant" -> table.constants().put(words[1], Long.parseLong(words[2]));
                case "struct" -> {
                    struct = new Struct();
                    struct.sized(Long.parseLong(words[2]), Integer.parseInt(words[3]));
                    table.structs().put(words[1], struct);
                }
                default -> {
                    boolean pointer = words.length > 5 && words[5].equals("*");
                    String extent = pointer && words.length > 7 ? words[6] + " " + words[7] : "";
                    String inner = !pointer && words.length > 5 ? words[5] : "";
                    struct.fields().put(words[4], new Field(Long.parseLong(words[1]), Kind.valueOf(words[2]), inner,
                            Integer.parseInt(words[3]), pointer, extent));
                }
            }
        }
        return table;
    }
}
