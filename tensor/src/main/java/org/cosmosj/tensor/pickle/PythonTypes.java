package org.cosmosj.tensor.pickle;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Containers and bytes that older protocols make by calls. */
final class PythonTypes {
    /** What makes bytes of text. */
    static final String ENCODE = "_codecs.encode";

    private PythonTypes() {}

    static PickleTypes allow(PickleTypes types) {
        PickleTypes longer = types.withConstructor("collections", "OrderedDict", PythonTypes::orderedDict)
                .withConstructor("_codecs", "encode", PythonTypes::encode);
        for (String module : List.of("builtins", "__builtin__")) { // Python 3, and protocol 2's name of it
            longer = longer.withConstructor(module, "set", PythonTypes::set)
                    .withConstructor(module, "frozenset", PythonTypes::set)
                    .withConstructor(module, "list", PythonTypes::list)
                    .withConstructor(module, "bytes", PythonTypes::bytes)
                    .withConstructor(module, "bytearray", PythonTypes::bytes);
        }
        return longer;
    }

    private static Map<Object, Object> orderedDict(PickleArguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.size() > 0) {
            for (Object pair : arguments.list(0)) {
                if (!(pair instanceof List<?> entry) || entry.size() != 2) {
                    throw new IllegalArgumentException("OrderedDict takes a list of pairs, got "
                            + PickleArguments.typeOf(pair) + " in it");
                }
                map.put(PickleKeys.check(entry.get(0)), entry.get(1));
            }
        }
        return map;
    }

    private static Set<Object> set(PickleArguments arguments) {
        Set<Object> set = new LinkedHashSet<>();
        if (arguments.size() > 0) {
            arguments.list(0).forEach(element -> set.add(PickleKeys.check(element)));
        }
        return set;
    }

    private static List<Object> list(PickleArguments arguments) {
        return arguments.size() == 0 ? new ArrayList<>() : new ArrayList<>(arguments.list(0));
    }

    private static PickleBytes bytes(PickleArguments arguments) {
        return arguments.size() == 0 ? new PickleBytes(MemorySegment.ofArray(new byte[0]), -1) : arguments.bytes(0);
    }

    /** Protocol 2 has no bytes; Python writes them as a string of their values. */
    private static PickleBytes encode(PickleArguments arguments) {
        Object text = arguments.get(0);
        String charset = arguments.size() > 1 ? arguments.string(1) : "utf-8";
        if (!charset.equals("latin1")) {
            throw new IllegalArgumentException("_codecs.encode is allowed for latin1 only, got another encoding");
        }
        PickleText raw = text instanceof PickleText unread
                ? unread
                : new PickleText(MemorySegment.ofArray(arguments.string(0).getBytes(StandardCharsets.UTF_8)));
        return new PickleBytes(MemorySegment.ofArray(raw.latin1()), -1);
    }
}
