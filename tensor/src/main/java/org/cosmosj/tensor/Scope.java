package org.cosmosj.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.cosmosj.tensor.spi.Backend;

/**
 * Owns tensors between two braces. Every result belongs to the innermost open scope of its thread and dies when that
 * scope closes, unless {@link #promote promoted}; no garbage collector decides about memory.
 *
 * <pre>{@code
 * try (var scope = Scope.open(Device.cpu(), "sum")) {
 *     float total = Tensor.of(new float[] {1, 2}, 2).sum().item();
 * }
 * }</pre>
 *
 * <p>A scope belongs to the thread that opened it. Scopes of a thread close in reverse order of opening.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> INNERMOST = new ThreadLocal<>();

    private final Backend backend;
    private final String label;
    private final Scope parent;
    private final Thread thread = Thread.currentThread();
    private final Set<Tensor> tensors = Collections.newSetFromMap(new IdentityHashMap<>());
    private MemoryCap cap;
    private boolean open = true;

    private Scope(Backend backend, String label, Scope parent) {
        this.backend = backend;
        this.label = label;
        this.parent = parent;
        this.cap = parent == null ? null : parent.cap;
    }

    /**
     * Opens a scope inside the thread's innermost one.
     *
     * @param device where factories of this scope create tensors
     * @param label its name in messages
     * @return the scope; close it on the same thread
     */
    public static Scope open(Device device, String label) {
        Scope scope = new Scope(Backends.of(device), label, INNERMOST.get());
        INNERMOST.set(scope);
        return scope;
    }

    /**
     * Opens a scope on the device of the innermost one.
     *
     * @param label its name in messages
     * @return the scope
     * @throws IllegalStateException if no scope is open
     */
    public static Scope inner(String label) {
        return open(current().device(), label);
    }

    /**
     * The innermost open scope of this thread.
     *
     * @return the scope
     * @throws IllegalStateException if none is open
     */
    public static Scope current() {
        Scope scope = INNERMOST.get();
        if (scope == null) {
            throw new IllegalStateException("no scope is open on thread " + Thread.currentThread().getName()
                    + "; wrap the code in try (var scope = Scope.open(device, \"label\"))");
        }
        return scope;
    }

    /**
     * Applies {@code step} once per layer, each time in an inner scope, and carries only the result on.
     *
     * @param start the input of the first layer
     * @param layers what to iterate over
     * @param step maps (x, layer) to the next x
     * @param <E> type of a layer
     * @return the last result, owned by the current scope
     */
    public static <E> Tensor fold(Tensor start, Iterable<E> layers, BiFunction<Tensor, E, Tensor> step) {
        Tensor x = start;
        // Only what this fold promoted is this fold's to close: a step may return a tensor of an outer scope.
        boolean owned = false;
        for (E layer : layers) {
            Tensor next;
            boolean made;
            try (Scope inner = inner("fold")) {
                next = step.apply(x, layer);
                made = inner.owns(next);
                inner.promote(next);
            }
            if (x != next) {
                if (owned) {
                    x.close();
                }
                owned = made;
            }
            x = next;
        }
        return x;
    }

    /**
     * Where factories of this scope create tensors.
     *
     * @return the device
     */
    public Device device() {
        return backend.device();
    }

    Backend backend() {
        return backend;
    }

    /**
     * The name given at opening.
     *
     * @return the label
     */
    public String label() {
        return label;
    }

    /**
     * Tensors this scope owns.
     *
     * @return their number
     */
    public int live() {
        synchronized (tensors) {
            return tensors.size();
        }
    }

    /**
     * Limits the bytes of all tensors that are made from now on, on any device, in this scope or in scopes opened
     * inside it, and are alive at the same time; what a tape keeps of them counts. So a leak throws where it happens.
     * Call it before inner scopes are opened.
     *
     * @param bytes at least 0
     * @return this
     * @throws IllegalArgumentException if the number is negative
     */
    public Scope cap(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("scope '" + label + "': cap of " + bytes + " bytes is negative");
        }
        cap = new MemoryCap(label, bytes, parent == null ? null : parent.cap);
        return this;
    }

    MemoryCap memoryCap() {
        return cap;
    }

    /**
     * Moves a tensor to the enclosing scope, so that it outlives this one.
     *
     * @param tensor a tensor of this scope; one of an outer scope is left where it is
     * @return the tensor
     * @throws IllegalStateException if this is the thread's outermost scope
     */
    public Tensor promote(Tensor tensor) {
        if (owns(tensor)) {
            if (parent == null) {
                throw new IllegalStateException("promote: scope '" + label + "' is the outermost of its thread;"
                        + " copy the values out or open an outer scope");
            }
            move(tensor, parent);
        }
        return tensor;
    }

    /**
     * Hands a tensor over to another scope, possibly of another thread that is not using its scope at this moment.
     *
     * @param target its new owner
     * @param tensor a tensor of this scope
     * @return the tensor
     * @throws IllegalArgumentException if this scope does not own the tensor
     */
    public Tensor transferTo(Scope target, Tensor tensor) {
        if (!owns(tensor)) {
            throw new IllegalArgumentException("transferTo: scope '" + label + "' does not own " + tensor);
        }
        return move(tensor, target);
    }

    private Tensor move(Tensor tensor, Scope target) {
        target.adopt(tensor);
        disown(tensor);
        return tensor;
    }

    private boolean owns(Tensor tensor) {
        synchronized (tensors) {
            return tensors.contains(tensor);
        }
    }

    Tensor adopt(Tensor tensor) {
        synchronized (tensors) {
            if (!open) {
                throw new IllegalStateException("scope '" + label + "' is closed and cannot own " + tensor);
            }
            tensors.add(tensor);
            tensor.owner = this;
        }
        return tensor;
    }

    void disown(Tensor tensor) {
        synchronized (tensors) {
            tensors.remove(tensor);
        }
    }

    /**
     * Frees all tensors of this scope. A second call does nothing.
     *
     * @throws IllegalStateException if an inner scope is still open or another thread calls
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        if (Thread.currentThread() != thread || INNERMOST.get() != this) {
            Scope innermost = INNERMOST.get();
            throw new IllegalStateException("scope '" + label + "' closed out of order on thread "
                    + Thread.currentThread().getName() + "; innermost there is "
                    + (innermost == null ? "none" : "'" + innermost.label + "'"));
        }
        List<Tensor> dying;
        synchronized (tensors) {
            open = false;
            dying = List.copyOf(tensors);
            tensors.clear();
        }
        if (parent == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(parent);
        }
        dying.forEach(Tensor::releaseFromScope);
    }

    /**
     * Who holds memory on this thread, in one line: the open scopes from the innermost out and then the recording tape,
     * each with the number of its tensors and the bytes of their memory. Memory that several views or holders share
     * counts for the first.
     *
     * @return such as {@code block (3 tensors, 1200 bytes) < train-step (10 tensors, 4000 bytes)}, or {@code none}
     */
    public static String report() {
        Set<Storage> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        List<String> holders = new ArrayList<>();
        for (Scope scope = INNERMOST.get(); scope != null; scope = scope.parent) {
            synchronized (scope.tensors) {
                holders.add(scope.label + " " + report(scope.tensors, counted));
            }
        }
        List<Tensor> saved = Tape.saved();
        if (!saved.isEmpty()) {
            holders.add("the tape " + report(saved, counted));
        }
        return holders.isEmpty() ? "none" : String.join(" < ", holders);
    }

    private static String report(Collection<Tensor> tensors, Set<Storage> counted) {
        long bytes = tensors.stream().map(tensor -> tensor.storage).filter(counted::add)
                .mapToLong(storage -> storage.buffer.byteSize()).sum();
        return "(" + tensors.size() + " tensors, " + bytes + " bytes)";
    }
}
