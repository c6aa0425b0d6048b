package org.cosmosj.tensor.internal.cpu.machine;

import java.util.Arrays;

/**
 * Writes the parts that x86-64 instructions are made of: prefixes, addresses, labels. Source: Intel's Software
 * Developer's Manual, volume 2, sections 2.1 (ModRM, SIB), 2.2 (REX), 2.7 (EVEX).
 */
abstract class Encoder {
    /** Opcode maps and mandatory prefixes as EVEX numbers them. */
    static final int MAP_0F = 1;
    static final int MAP_0F38 = 2;
    static final int MAP_0F3A = 3;
    static final int PREFIX_NONE = 0;
    static final int PREFIX_66 = 1;
    static final int PREFIX_F3 = 2;
    static final int PREFIX_F2 = 3;

    private final StringBuilder text;
    private byte[] code = new byte[4096];
    private int size;
    private int labels;

    /** @param text receives every instruction in GNU's Intel syntax too; null for none */
    Encoder(StringBuilder text) {
        this.text = text;
        if (text != null) {
            text.append(".intel_syntax noprefix\n.text\n");
        }
    }

    /** A place in the code that jumps name. */
    static final class Label {
        private final int number;
        private int position = -1;
        private int[] jumps = {};

        private Label(int number) {
            this.number = number;
        }
    }

    /** The instructions written so far. */
    final byte[] code() {
        return Arrays.copyOf(code, size);
    }

    final void bytes(int... values) {
        for (int value : values) {
            if (size == code.length) {
                code = Arrays.copyOf(code, 2 * size);
            }
            code[size++] = (byte) value;
        }
    }

    final void int32(int value) {
        bytes(value, value >> 8, value >> 16, value >> 24);
    }

    /** One line of text: a mnemonic and its operands. */
    final void say(String mnemonic, Object... operands) {
        if (text == null) {
            return;
        }
        String separator = " ";
        text.append(mnemonic);
        for (Object operand : operands) {
            text.append(separator).append(operand);
            separator = ",";
        }
        text.append('\n');
    }

    final Label label() {
        return new Label(labels++);
    }

    /** Here is the label. */
    final void bind(Label label) {
        label.position = size;
        for (int end : label.jumps) {
            int distance = size - end;
            for (int i = 0; i < 4; i++) {
                code[end - 4 + i] = (byte) (distance >> 8 * i);
            }
        }
        if (text != null) {
            text.append('L').append(label.number).append(":\n");
        }
    }

    /** A conditional jump: short where that reaches a bound label, long to an unbound one. */
    final void jump(String mnemonic, int condition, Label to) {
        int distance = to.position - (size + 2);
        if (to.position >= 0 && distance >= Byte.MIN_VALUE) {
            bytes(0x70 | condition, distance);
            say(mnemonic, "L" + to.number);
            return;
        }
        bytes(0x0F, 0x80 | condition);
        int32(to.position - (size + 4));
        if (to.position < 0) {
            to.jumps = Arrays.copyOf(to.jumps, to.jumps.length + 1);
            to.jumps[to.jumps.length - 1] = size;
        }
        say((to.position < 0 ? "{disp32} " : "") + mnemonic, "L" + to.number);
    }

    /** REX.W + opcode with a register or memory operand; the prefix is left out where it says nothing. */
    final void general(boolean wide, int opcode, int reg, Gpr rm) {
        rex(wide, reg, 0, rm.number());
        bytes(opcode);
        registers(reg, rm.number());
    }

    final void general(boolean wide, int opcode, int reg, Address rm) {
        rex(wide, reg, rm.index() == null ? 0 : rm.index().number(), rm.base().number());
        bytes(opcode);
        memory(reg, rm, 1);
    }

    final void rex(boolean wide, int reg, int index, int base) {
        int prefix = 0x40 | (wide ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | base >> 3;
        if (prefix != 0x40) {
            bytes(prefix);
        }
    }

    /**
     * An EVEX instruction.
     *
     * @param map opcode map
     * @param prefix mandatory prefix
     * @param w the W bit
     * @param opcode its byte
     * @param width vector length
     * @param reg register of ModRM.reg, or an opcode extension
     * @param vvvv second register, 0 if there is none
     * @param rm register or memory
     * @param unit bytes that a short displacement counts in
     * @param broadcast whether one element of memory serves all lanes
     * @param mask number of a mask register; 0 for none
     * @param zeroing whether masked lanes become zero
     */
    final void evex(int map, int prefix, int w, int opcode, Vec.Width width, int reg, int vvvv, Source rm, int unit,
            boolean broadcast, int mask, boolean zeroing) {
        int x;
        int b;
        switch (rm) {
            case Vec v -> {
                x = v.number() >> 4 & 1;
                b = v.number() >> 3 & 1;
            }
            case Address a -> {
                x = a.index() == null ? 0 : a.index().number() >> 3;
                b = a.base().number() >> 3;
            }
        }
        bytes(0x62);
        bytes((~reg >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | (~reg >> 4 & 1) << 4 | map);
        bytes(w << 7 | (~vvvv & 15) << 3 | 4 | prefix);
        bytes((zeroing ? 0x80 : 0) | width.ordinal() << 5 | (broadcast ? 0x10 : 0) | (~vvvv >> 4 & 1) << 3 | mask);
        bytes(opcode);
        switch (rm) {
            case Vec v -> registers(reg, v.number());
            case Address a -> memory(reg, a, unit);
        }
    }

    final void registers(int reg, int rm) {
        bytes(0xC0 | (reg & 7) << 3 | rm & 7);
    }

    /** ModRM, SIB and displacement; a displacement that is a multiple of unit may take one byte. */
    final void memory(int reg, Address a, int unit) {
        int base = a.base().number() & 7;
        boolean sib = a.index() != null || base == 4;
        int displacement = a.displacement();
        int mode;
        if (displacement == 0 && base != 5) {
            mode = 0;
        } else {
            int count = displacement / unit;
            mode = displacement % unit == 0 && count >= Byte.MIN_VALUE && count <= Byte.MAX_VALUE ? 1 : 2;
        }
        bytes(mode << 6 | (reg & 7) << 3 | (sib ? 4 : base));
        if (sib) {
            int index = a.index() == null ? 4 : a.index().number() & 7;
            bytes(Integer.numberOfTrailingZeros(a.scale()) << 6 | index << 3 | base);
        }
        if (mode == 1) {
            bytes(displacement / unit);
        } else if (mode == 2) {
            int32(displacement);
        }
    }
}
