package org.cosmosj.tensor.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.CheckpointException;

/**
 * Executes the opcodes of one pickle on a stack of plain values. Source: Python's {@code pickle.py#_Unpickler}. The
 * text opcodes of protocols 0 and 1 are not among them, nor are extension codes and buffers outside of the stream.
 */
final class PickleMachine {
    private static final int NEWEST_PROTOCOL = 5;
    /** Integers beyond 64 bits are magic numbers; a longer one has no use here. */
    private static final int LONGEST_INTEGER = 64;

    /** Stands on the stack where {@code MARK} was executed. */
    private static final Object MARK = new Object();

    private final PickleInput input;
    private final PickleTypes types;
    private final PickleConstructor persistentIds;
    private final PickleBudget budget;
    private final List<Object> stack = new ArrayList<>();
    private final List<Object> memo = new ArrayList<>();

    PickleMachine(PickleInput input, PickleTypes types, PickleConstructor persistentIds, PickleBudget budget) {
        this.input = input;
        this.types = types;
        this.persistentIds = persistentIds;
        this.budget = budget;
    }

    Object run() throws CheckpointException {
        while (true) {
            int opcode = input.opcode();
            if (opcode == PickleOpcodes.STOP) {
                Object value = pop();
                if (!stack.isEmpty()) {
                    throw input.error(stack.size() + " values are left over");
                }
                return value;
            }
            try {
                execute(opcode);
            } catch (IllegalArgumentException e) {
                throw input.error(e.getMessage(), e);
            }
        }
    }

    private void execute(int opcode) throws CheckpointException {
        switch (opcode) {
            case 0x80 -> protocol(input.u8());
            case 0x95 -> input.requireAhead(input.u64());
            case '(' -> push(MARK);
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            case 'N', 0x88, 0x89, 'J', 'K', 'M', 0x8A, 0x8B, 'G' -> number(opcode);
            case 'X', 0x8C, 0x8D, 'T', 'U', 'B', 'C', 0x8E, 0x96 -> textOrBytes(opcode);
            case ']', ')', '}', 0x8F, 't', 0x85, 0x86, 0x87, 'l', 'd', 0x91 -> container(opcode);
            case 'a', 'e', 's', 'u', 0x90 -> append(opcode);
            case 'h', 'j', 'q', 'r', 0x94 -> memo(opcode);
            case 'c', 0x93 -> global(opcode);
            case 'R', 0x81, 0x92, 'b', 'Q' -> construct(opcode);
            default -> throw input.error("is not supported; write the file with pickle protocol 2 or later, without"
                    + " extensions or buffers outside of it");
        }
    }

    private void protocol(int protocol) throws CheckpointException {
        if (protocol > NEWEST_PROTOCOL) {
            throw input.error("protocol " + protocol + " is newer than " + NEWEST_PROTOCOL + "; write an older one");
        }
    }

    private void number(int opcode) throws CheckpointException {
        push(switch (opcode) {
            case 'N' -> null;
            case 0x88 -> true;
            case 0x89 -> false;
            case 'J' -> (long) input.i32();
            case 'K' -> (long) input.u8();
            case 'M' -> (long) input.u16();
            case 0x8A -> integer(input.u8());
            case 0x8B -> integer(input.u32());
            default -> input.float64();
        });
        budget.charge(input, PickleBudget.NUMBER);
    }

    private Number integer(long length) throws CheckpointException {
        if (length > LONGEST_INTEGER) {
            throw input.error("an integer of " + length + " bytes, expected at most " + LONGEST_INTEGER);
        }
        byte[] bigEndian = input.bytes(length).toArray();
        for (int i = 0; i < bigEndian.length / 2; i++) {
            byte low = bigEndian[i];
            bigEndian[i] = bigEndian[bigEndian.length - 1 - i];
            bigEndian[bigEndian.length - 1 - i] = low;
        }
        BigInteger value = bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private void textOrBytes(int opcode) throws CheckpointException {
        long length = switch (opcode) {
            case 0x8C, 'U', 'C' -> input.u8();
            case 'X', 'T', 'B' -> input.u32();
            default -> input.u64();
        };
        if (opcode == 'X' && standsForBytes()) {
            budget.charge(input, 2 * PickleBudget.LIST);
            push(new PickleText(input.bytes(length).data()));
            return;
        }
        switch (opcode) {
            case 'X', 0x8C, 0x8D, 'T', 'U' -> {
                input.requireAhead(length);
                budget.charge(input, PickleBudget.LIST + 3 * length);
                boolean python2 = opcode == 'T' || opcode == 'U';
                push(input.text(length, python2 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
            }
            default -> {
                budget.charge(input, 2 * PickleBudget.LIST);
                push(input.bytes(length));
            }
        }
    }

    /** Whether a string is about to be the first argument of the call that makes bytes of text. */
    private boolean standsForBytes() {
        return !stack.isEmpty() && stack.getLast() instanceof PickleTypes.Name name
                && name.toString().equals(PythonTypes.ENCODE);
    }

    private void container(int opcode) throws CheckpointException {
        budget.charge(input, opcode == '}' || opcode == 'd' || opcode == 0x8F || opcode == 0x91
                ? PickleBudget.MAP
                : PickleBudget.LIST);
        switch (opcode) {
            case ']' -> push(new ArrayList<>(0));
            case ')' -> push(List.of());
            case '}' -> push(new LinkedHashMap<>());
            case 0x8F -> push(new LinkedHashSet<>());
            case 't' -> push(tuple(popToMark()));
            case 0x85, 0x86, 0x87 -> push(tuple(pop(opcode - 0x84)));
            case 'l' -> push(popToMark());
            case 'd' -> {
                List<Object> items = popToMark();
                push(new LinkedHashMap<>());
                setItems(items);
            }
            default -> {
                List<Object> elements = popToMark();
                push(new LinkedHashSet<>());
                addAll(elements);
            }
        }
    }

    private static List<Object> tuple(List<Object> elements) {
        return Collections.unmodifiableList(elements);
    }

    private void append(int opcode) throws CheckpointException {
        switch (opcode) {
            case 'a' -> appendAll(pop(1));
            case 'e' -> appendAll(popToMark());
            case 's' -> setItems(pop(2));
            case 'u' -> setItems(popToMark());
            default -> addAll(popToMark());
        }
    }

    private void appendAll(List<Object> elements) throws CheckpointException {
        if (!(top() instanceof ArrayList<?> list)) {
            throw input.error("appends to " + PickleArguments.typeOf(top()) + ", expected a list");
        }
        budget.charge(input, 2L * PickleBudget.SLOT * elements.size());
        @SuppressWarnings("unchecked") // lists on the stack are made here and hold anything
        List<Object> open = (List<Object>) list;
        open.addAll(elements);
    }

    private void addAll(List<Object> elements) throws CheckpointException {
        if (!(top() instanceof Set<?> set)) {
            throw input.error("adds to " + PickleArguments.typeOf(top()) + ", expected a set");
        }
        budget.charge(input, (long) PickleBudget.MAP_ENTRY * elements.size());
        @SuppressWarnings("unchecked") // sets on the stack are made here and hold anything
        Set<Object> open = (Set<Object>) set;
        elements.forEach(element -> open.add(PickleKeys.check(element)));
    }

    private void setItems(List<Object> items) throws CheckpointException {
        if (!(top() instanceof Map<?, ?> map)) {
            throw input.error("sets items of " + PickleArguments.typeOf(top()) + ", expected a dict");
        }
        if (items.size() % 2 != 0) {
            throw input.error("a key has no value");
        }
        budget.charge(input, (long) PickleBudget.MAP_ENTRY * items.size() / 2);
        @SuppressWarnings("unchecked") // maps on the stack are made here and hold anything
        Map<Object, Object> open = (Map<Object, Object>) map;
        for (int i = 0; i < items.size(); i += 2) {
            open.put(PickleKeys.check(items.get(i)), items.get(i + 1));
        }
    }

    private void memo(int opcode) throws CheckpointException {
        long index = switch (opcode) {
            case 'h', 'q' -> input.u8();
            case 'j', 'r' -> input.u32();
            default -> memo.size();
        };
        boolean reads = opcode == 'h' || opcode == 'j';
        if (index > memo.size() || reads && index == memo.size()) {
            throw input.error("memo index " + index + ", but " + memo.size() + " values were memorised");
        }
        if (reads) {
            push(memo.get((int) index));
        } else if (index == memo.size()) {
            budget.charge(input, 2 * PickleBudget.SLOT);
            memo.add(top());
        } else {
            memo.set((int) index, top());
        }
    }

    private void global(int opcode) throws CheckpointException {
        String name;
        String module;
        if (opcode == 'c') {
            module = input.line();
            name = input.line();
        } else {
            List<Object> both = pop(2);
            if (!(both.get(0) instanceof String from) || !(both.get(1) instanceof String what)) {
                throw input.error("takes two strings, got " + PickleArguments.typeOf(both.get(0)) + " and "
                        + PickleArguments.typeOf(both.get(1)));
            }
            module = from;
            name = what;
        }
        PickleTypes.Name found = types.find(module, name);
        if (found == null) {
            throw input.error("class " + PickleNames.printable(module, name) + " is not allowed; nothing was executed."
                    + " If the file is trusted, write it again with plain values and tensors only");
        }
        push(found.value() != null ? found.value() : found);
    }

    private void construct(int opcode) throws CheckpointException {
        switch (opcode) {
            case 'R', 0x81 -> {
                List<Object> call = pop(2);
                push(call(call.get(0), arguments(call.get(1))));
            }
            case 0x92 -> {
                List<Object> call = pop(3);
                if (!(call.get(2) instanceof Map<?, ?> named) || !named.isEmpty()) {
                    throw input.error("named arguments are not supported");
                }
                push(call(call.get(0), arguments(call.get(1))));
            }
            case 'b' -> restore(pop(1).get(0));
            default -> persistent(pop(1));
        }
    }

    private List<Object> arguments(Object value) throws CheckpointException {
        if (!(value instanceof List<?> arguments)) {
            throw input.error("arguments are " + PickleArguments.typeOf(value) + ", expected a tuple");
        }
        return Collections.unmodifiableList(arguments);
    }

    private Object call(Object callee, List<Object> arguments) throws CheckpointException {
        if (!(callee instanceof PickleTypes.Name name) || name.constructor() == null) {
            throw input.error("calls " + PickleArguments.typeOf(callee) + ", which makes no values");
        }
        budget.charge(input, PickleBudget.MAP + (long) PickleBudget.SLOT * arguments.size());
        for (Object argument : arguments) { // one that was memorised can be passed many times, and copied each time
            budget.charge(input, switch (argument) {
                case List<?> list -> (long) PickleBudget.MAP_ENTRY * list.size();
                case String text -> text.length();
                case PickleText text -> text.utf8().byteSize();
                case null, default -> 0;
            });
        }
        return name.constructor().construct(new PickleArguments(name.toString(), arguments));
    }

    private void persistent(List<Object> id) throws CheckpointException {
        if (persistentIds == null) {
            throw input.error("persistent identifiers are not allowed here");
        }
        budget.charge(input, PickleBudget.MAP);
        push(persistentIds.construct(new PickleArguments("persistent identifier", id)));
    }

    /** An ordered dict may carry attributes, such as the version numbers of a state dict; they are dropped. */
    private void restore(Object state) throws CheckpointException {
        switch (top()) {
            case PickleState made -> made.restore(state);
            case Map<?, ?> _ when state instanceof Map<?, ?> -> {
            }
            case null, default -> throw input.error("restores the state of " + PickleArguments.typeOf(top()));
        }
    }

    // ---- stack ----------------------------------------------------------------------------------------------------

    private void push(Object value) throws CheckpointException {
        budget.charge(input, PickleBudget.SLOT);
        stack.add(value);
    }

    private Object top() throws CheckpointException {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw input.error("finds no value on the stack");
        }
        return stack.getLast();
    }

    private Object pop() throws CheckpointException {
        Object value = top();
        stack.removeLast();
        return value;
    }

    private List<Object> pop(int count) throws CheckpointException {
        int from = stack.size() - count;
        if (from < 0 || stack.subList(from, stack.size()).contains(MARK)) {
            throw input.error("takes " + count + " values, but fewer are on the stack");
        }
        return cut(from);
    }

    private List<Object> popToMark() throws CheckpointException {
        int from = stack.size() - 1;
        while (from >= 0 && stack.get(from) != MARK) {
            from--;
        }
        if (from < 0) {
            throw input.error("finds no mark on the stack");
        }
        List<Object> values = cut(from + 1);
        stack.removeLast();
        return values;
    }

    private List<Object> cut(int from) throws CheckpointException {
        List<Object> tail = stack.subList(from, stack.size());
        List<Object> values = new ArrayList<>(tail);
        budget.charge(input, (long) PickleBudget.SLOT * values.size());
        tail.clear();
        return values;
    }
}
