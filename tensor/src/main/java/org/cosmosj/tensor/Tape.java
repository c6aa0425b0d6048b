package org.cosmosj.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Records ops and plays their hand-written backward rules in reverse. A tape keeps exactly the tensors each rule
 * declared saved and releases them as the rule ends. It belongs to its thread; at most one records at a time.
 *
 * <p>Gradients of activations are assigned on first arrival and added afterwards; gradients of {@link Parameter}s are
 * always added into {@link Gradients}.
 */
public final class Tape implements AutoCloseable {
    private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();
    /** The tape that runs its rules at this moment, which records nothing but still keeps memory. */
    private static final ThreadLocal<Tape> PLAYING = new ThreadLocal<>();

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Variable, Tensor> watched = new HashMap<>();
    private boolean open = true;
    private boolean played;

    private Tape() {}

    /** A backward rule: reads the gradient of the node's result, hands gradients to its inputs. */
    @FunctionalInterface
    interface Rule {
        void backward(Backward node);
    }

    /**
     * Identity of a differentiable value; saved copies of a tensor share it.
     *
     * @param parameter set for parameters only
     * @param tape on which a value was watched or computed; null for parameters, which belong to all tapes
     * @param computed whether an op computed it, so that other values stand behind it
     */
    record Variable(Parameter parameter, Tape tape, boolean computed) {
        static Variable of(Parameter parameter) {
            return new Variable(parameter, null, false);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An op that was recorded. */
    record Node(String op, Variable[] inputs, Variable output, Shape shape, Tensor[] saved, Rule rule) {}

    /**
     * Starts recording on this thread.
     *
     * @return the tape; closing it forgets what was recorded
     * @throws IllegalStateException if a tape records already
     */
    public static Tape record() {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("tape: this thread records already; close the first tape before a second");
        }
        Tape tape = new Tape();
        CURRENT.set(tape);
        return tape;
    }

    /**
     * Whether this thread records; then what is computed must not be replaced by what was kept from before.
     *
     * @return true between {@link #record} and {@link #close}
     */
    public static boolean isRecording() {
        return CURRENT.get() != null;
    }

    /**
     * Marks a tensor as an input whose gradient is wanted; read it with {@link #gradient} after backward.
     *
     * @param tensor a float tensor; not a parameter, whose gradient goes into {@link Gradients}
     * @return the tensor
     */
    public Tensor watch(Tensor tensor) {
        if (!tensor.dtype().isCompute()) {
            throw new ShapeException("watch: dtype " + tensor.dtype() + " has no gradient; use F32 or F64");
        }
        if (tensor.variable != null && tensor.variable.parameter() != null) {
            throw new IllegalArgumentException("watch: the tensor is parameter " + tensor.variable.parameter()
                    + "; read its gradient from the Gradients given to backward");
        }
        if (tensor.variable == null || tensor.variable.tape() != this) {
            tensor.variable = new Variable(null, this, false);
        }
        watched.put(tensor.variable, null);
        return tensor;
    }

    /**
     * Attaches a backward rule to a freshly computed result if any input is differentiable.
     *
     * @param op name in messages
     * @param result the op's result
     * @param saved tensors the rule reads; kept alive until it ran
     * @param rule the backward rule
     * @param inputs in the order the rule uses
     * @return the result
     */
    static Tensor attach(String op, Tensor result, Tensor[] saved, Rule rule, Tensor... inputs) {
        Tape tape = CURRENT.get();
        if (tape == null || !tape.needsGradient(op, inputs)) {
            return result;
        }
        Variable[] variables = new Variable[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            variables[i] = inputs[i] == null || !tape.follows(inputs[i].variable) ? null : inputs[i].variable;
        }
        Tensor[] kept = new Tensor[saved.length];
        for (int i = 0; i < saved.length; i++) {
            kept[i] = saved[i] == null ? null : saved[i].aliasForTape();
        }
        result.variable = new Variable(null, tape, true);
        tape.nodes.add(new Node(op, variables, result.variable, result.shape(), kept, rule));
        return result;
    }

    /**
     * Computes without recording, and records one node in place of all that was computed.
     *
     * @param op name in messages
     * @param compute what to compute
     * @param rule the backward rule
     * @param inputs saved for the rule, in its order
     * @return the result, differentiable if a tape records
     */
    static Tensor attachWhole(String op, Supplier<Tensor> compute, Rule rule, Tensor... inputs) {
        Tape tape = CURRENT.get();
        if (tape == null) {
            return compute.get();
        }
        tape.needsGradient(op, inputs);
        CURRENT.remove();
        Tensor result;
        try {
            result = compute.get();
        } finally {
            CURRENT.set(tape);
        }
        Variable[] variables = Arrays.stream(inputs)
                .map(input -> tape.follows(input.variable) ? input.variable : null).toArray(Variable[]::new);
        Tensor[] kept = Arrays.stream(inputs).map(Tensor::aliasForTape).toArray(Tensor[]::new);
        result.variable = new Variable(null, tape, true);
        tape.nodes.add(new Node(op, variables, result.variable, result.shape(), kept, rule));
        return result;
    }

    /**
     * Called by ops that have no backward rule.
     *
     * @param op name in the message
     * @param inputs its inputs
     * @throws UnsupportedOperationException if a tape records and an input is differentiable
     */
    static void rejectWithoutRule(String op, Tensor... inputs) {
        if (isRecording() && CURRENT.get().needsGradient(op, inputs)) {
            throw new UnsupportedOperationException(op + ": has no backward rule but a tape is recording and an input"
                    + " needs a gradient; call detach() on the input or move the op out of the tape");
        }
    }

    /** Whether ops on this tensor are recorded at this moment. */
    static boolean records(Tensor tensor) {
        Tape tape = CURRENT.get();
        return tape != null && tape.follows(tensor.variable);
    }

    /** What the tape keeps that records on this thread or runs its rules. */
    static List<Tensor> saved() {
        Tape tape = PLAYING.get() == null ? CURRENT.get() : PLAYING.get();
        return tape == null
                ? List.of()
                : tape.nodes.stream().filter(Objects::nonNull)
                        .flatMap(node -> Arrays.stream(node.saved)).filter(Objects::nonNull).toList();
    }

    private boolean follows(Variable variable) {
        return variable != null && (variable.parameter() != null || variable.tape() == this);
    }

    private boolean needsGradient(String op, Tensor... inputs) {
        boolean needed = false;
        for (Tensor input : inputs) {
            Variable variable = input == null ? null : input.variable;
            if (variable != null && variable.computed() && variable.tape() != this) {
                // Its gradient could not reach what it was computed from: say so rather than detach it silently.
                throw new IllegalStateException(op + ": input " + input + " was computed under a tape that has ended;"
                        + " call detach() on it, or compute it under this tape");
            }
            needed |= follows(variable);
        }
        return needed;
    }

    /**
     * Runs all rules in reverse from a scalar loss with gradient 1.
     *
     * @param loss a scalar computed under this tape
     * @param gradients receives the parameters' gradients by addition; null if no parameter takes part
     */
    public void backward(Tensor loss, Gradients gradients) {
        if (loss.shape().numel() != 1) {
            throw new ShapeException("backward: loss has shape " + loss.shape() + "; reduce it to a scalar first");
        }
        try (Scope _ = Scope.inner("backward seed")) {
            backward(loss, Tensor.full(1, loss.dtype(), loss.shape()), gradients);
        }
    }

    /**
     * Runs all rules in reverse from a given gradient of {@code output}.
     *
     * @param output computed under this tape
     * @param seed gradient of {@code output}, same shape and dtype
     * @param gradients receives the parameters' gradients by addition; null if no parameter takes part
     * @throws IllegalStateException if the tape was played already, records on another thread, or output does not
     *         depend on a parameter or a value watched by this tape
     */
    public void backward(Tensor output, Tensor seed, Gradients gradients) {
        if (output.variable != null && output.variable.tape() == this && CURRENT.get() != this && !played && open) {
            throw new IllegalStateException("backward: the tape records on another thread; call backward there");
        }
        if (played || !open) {
            throw new IllegalStateException("backward: the tape was " + (open ? "played already" : "closed")
                    + "; record a new one");
        }
        if (output.variable == null || output.variable.tape() != this) {
            throw new IllegalStateException("backward: the loss depends on no parameter and no watched tensor of this"
                    + " tape");
        }
        Checks.compute("backward", output, seed);
        Checks.sameShape("backward", "seed", seed, output.shape());
        played = true;
        CURRENT.remove();
        Tape outer = PLAYING.get(); // a rule that computes again plays a tape of its own
        PLAYING.set(this);
        Map<Variable, Tensor> pending = new HashMap<>();
        pending.put(output.variable, seed.contiguous().aliasForTape());
        try {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                play(nodes.set(i, null), pending, gradients);
            }
            for (Variable variable : watched.keySet()) {
                Tensor gradient = pending.remove(variable);
                watched.put(variable, gradient);
            }
        } finally {
            PLAYING.set(outer);
            pending.values().forEach(Tensor::releaseFromTape);
        }
    }

    private void play(Node node, Map<Variable, Tensor> pending, Gradients gradients) {
        boolean keep = watched.containsKey(node.output);
        Tensor gradient = keep ? pending.get(node.output) : pending.remove(node.output);
        try {
            if (gradient != null) {
                Checks.sameShape(node.op, "gradient", gradient, node.shape);
                try (Scope _ = Scope.inner(node.op + " backward")) {
                    node.rule.backward(new Backward(node, gradient, pending, gradients));
                }
            }
        } finally {
            for (Tensor saved : node.saved) {
                if (saved != null) {
                    saved.releaseFromTape();
                }
            }
            if (gradient != null && !keep) {
                gradient.releaseFromTape();
            }
        }
    }

    /**
     * The gradient of a watched tensor, after backward.
     *
     * @param tensor given to {@link #watch} before
     * @return a new tensor of the current scope, zeros if the loss does not depend on it
     */
    public Tensor gradient(Tensor tensor) {
        if (tensor.variable == null || !watched.containsKey(tensor.variable)) {
            throw new IllegalArgumentException("gradient: the tensor was not watched by this tape; call watch first");
        }
        if (!played) {
            throw new IllegalStateException("gradient: call backward first");
        }
        Tensor gradient = watched.get(tensor.variable);
        return gradient == null ? Tensor.zeros(tensor.dtype(), tensor.shape()) : gradient.alias();
    }

    /** Stops recording and releases everything kept. A second call does nothing. */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        if (CURRENT.get() == this) {
            CURRENT.remove();
        }
        for (Node node : nodes) {
            if (node != null) {
                for (Tensor saved : node.saved) {
                    if (saved != null) {
                        saved.releaseFromTape();
                    }
                }
            }
        }
        nodes.clear();
        watched.values().forEach(gradient -> {
            if (gradient != null) {
                gradient.releaseFromTape();
            }
        });
        watched.clear();
    }
}
