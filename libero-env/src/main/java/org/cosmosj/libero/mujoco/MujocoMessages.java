package org.cosmosj.libero.mujoco;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes MuJoCo's errors and warnings, which without a handler end the process or write MUJOCO_LOG.TXT. An exception
 * must not cross native frames, so an error is kept until the call returns; it is printed at once too, since a library
 * that goes on after an error may crash before it returns.
 */
@SuppressWarnings("restricted") // native memory and functions
final class MujocoMessages {

    private static final Logger LOG = LoggerFactory.getLogger(MujocoMessages.class);
    private static final int MOST_WARNINGS = 100;
    private static final ThreadLocal<MujocoMessages> OF_THREAD = ThreadLocal.withInitial(MujocoMessages::new);

    /** Beginnings of warnings that were logged; an unstable simulation warns at every step. */
    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    private String error;
    private Consumer<String> onError = message -> {};
    private final List<String> warnings = new ArrayList<>();

    private MujocoMessages() {
    }

    /** Installs the handlers; they live as long as the process. */
    static void install(SymbolLookup library) throws ReflectiveOperationException {
        FunctionDescriptor type = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS.withTargetLayout(
                MemoryLayout.sequenceLayout(Integer.MAX_VALUE, ValueLayout.JAVA_BYTE)));
        for (String kind : List.of("error", "warning")) {
            MemorySegment handler = Linker.nativeLinker().upcallStub(MethodHandles.lookup().findStatic(
                    MujocoMessages.class, kind, MethodType.methodType(void.class, MemorySegment.class)), type,
                    Arena.global());
            library.find("mju_user_" + kind).ifPresent(
                    variable -> variable.reinterpret(ValueLayout.ADDRESS.byteSize())
                            .set(ValueLayout.ADDRESS, 0, handler));
        }
    }

    private static void error(MemorySegment message) {
        MujocoMessages messages = OF_THREAD.get();
        if (messages.error == null) {
            messages.error = message.getString(0);
            LOG.error("MuJoCo: {}", messages.error);
            messages.onError.accept(messages.error);
        }
    }

    private static void warning(MemorySegment message) {
        List<String> warnings = OF_THREAD.get().warnings;
        String text = message.getString(0);
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(text);
        }
        if (LOGGED.add(text.replaceAll("\\d.*", ""))) {
            LOG.warn("MuJoCo: {} (further ones of this kind are not logged)", text);
        }
    }

    /**
     * Sets what is told of an error on this thread before control goes back to MuJoCo.
     *
     * @param handler must not throw; may never return
     */
    static void onError(Consumer<String> handler) {
        OF_THREAD.get().onError = handler;
    }

    /** Throws the error that a native call on this thread reported, if it did. */
    static void check(String call) {
        MujocoMessages messages = OF_THREAD.get();
        if (messages.error != null) {
            String message = messages.error;
            messages.error = null;
            throw new MujocoException(call + ": " + message);
        }
    }

    /** Takes the warnings of this thread since the last call. */
    static List<String> takeWarnings() {
        List<String> warnings = OF_THREAD.get().warnings;
        List<String> taken = List.copyOf(warnings);
        warnings.clear();
        return taken;
    }
}
