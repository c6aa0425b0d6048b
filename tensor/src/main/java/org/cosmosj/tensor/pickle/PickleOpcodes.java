package org.cosmosj.tensor.pickle;

import java.util.Map;
import java.util.TreeMap;

/** Numbers and names of opcodes. Source: Python's {@code pickle.py}, protocols 2 to 5. */
final class PickleOpcodes {
    private static final Map<Integer, String> NAMES = new TreeMap<>();

    static final int MARK = named('(', "MARK");
    static final int STOP = named('.', "STOP");

    static {
        String[] table = {"0 POP", "1 POP_MARK", "2 DUP", "F FLOAT", "I INT", "J BININT", "K BININT1", "L LONG",
            "M BININT2", "N NONE", "P PERSID", "Q BINPERSID", "R REDUCE", "S STRING", "T BINSTRING",
            "U SHORT_BINSTRING", "V UNICODE", "X BINUNICODE", "a APPEND", "b BUILD", "c GLOBAL", "d DICT",
            "} EMPTY_DICT", "e APPENDS", "g GET", "h BINGET", "i INST", "j LONG_BINGET", "l LIST", "] EMPTY_LIST",
            "o OBJ", "p PUT", "q BINPUT", "r LONG_BINPUT", "s SETITEM", "t TUPLE", ") EMPTY_TUPLE", "u SETITEMS",
            "G BINFLOAT", "B BINBYTES", "C SHORT_BINBYTES"};
        for (String entry : table) {
            named(entry.charAt(0), entry.substring(2));
        }
        String[] high = {"PROTO", "NEWOBJ", "EXT1", "EXT2", "EXT4", "TUPLE1", "TUPLE2", "TUPLE3", "NEWTRUE",
            "NEWFALSE", "LONG1", "LONG4", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES8", "EMPTY_SET", "ADDITEMS",
            "FROZENSET", "NEWOBJ_EX", "STACK_GLOBAL", "MEMOIZE", "FRAME", "BYTEARRAY8", "NEXT_BUFFER",
            "READONLY_BUFFER"};
        for (int i = 0; i < high.length; i++) {
            named(0x80 + i, high[i]);
        }
    }

    private PickleOpcodes() {}

    private static int named(int opcode, String name) {
        NAMES.put(opcode, name);
        return opcode;
    }

    static String name(int opcode) {
        return NAMES.getOrDefault(opcode, String.format("0x%02x", opcode));
    }
}
