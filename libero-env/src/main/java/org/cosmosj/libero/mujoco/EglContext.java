package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * An OpenGL context without window or screen, current on the thread that made it: Mesa's surfaceless platform, or else
 * the EGL device that {@code MUJOCO_EGL_DEVICE_ID} names (0 without it), as NVIDIA's driver offers them.
 */
@SuppressWarnings("restricted") // native functions
final class EglContext implements AutoCloseable {

    private static final int PLATFORM_SURFACELESS_MESA = 0x31DD;
    private static final int PLATFORM_DEVICE_EXT = 0x313F;
    private static final int OPENGL_API = 0x30A2;
    private static final int GL_RENDERER = 0x1F01;
    private static final int MOST_DEVICES = 32;
    /** 8 bits each of red, green, blue, alpha and stencil, 24 of depth; pbuffer; OpenGL. */
    private static final int[] CONFIG =
            {0x3024, 8, 0x3023, 8, 0x3022, 8, 0x3021, 8, 0x3025, 24, 0x3026, 8, 0x3033, 1, 0x3040, 8, 0x3038};
    private static final String CURE = "; install Mesa's EGL (apt-get install libegl1 libgl1 libgl1-mesa-dri) or a GPU"
            + " driver that has it; physics needs neither";
    private static final Linker LINKER = Linker.nativeLinker();

    private final SymbolLookup egl;
    private final MemorySegment display;
    private final MemorySegment context;

    private EglContext(SymbolLookup egl, MemorySegment display, MemorySegment context) {
        this.egl = egl;
        this.display = display;
        this.context = context;
    }

    /**
     * Makes a context current on this thread.
     *
     * @return the context, to be closed on this thread
     * @throws MujocoException if this machine has no EGL that can draw off screen
     */
    static EglContext create() {
        SymbolLookup egl;
        try {
            egl = SymbolLookup.libraryLookup("libEGL.so.1", Arena.global());
        } catch (IllegalArgumentException e) {
            throw new MujocoException("rendering: there is no libEGL.so.1" + CURE, e);
        }
        List<String> refusals = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            String device = System.getenv("MUJOCO_EGL_DEVICE_ID");
            if (device == null) {
                MemorySegment mesa = platform(egl, PLATFORM_SURFACELESS_MESA, MemorySegment.NULL);
                EglContext context = on(egl, mesa, arena, "surfaceless Mesa", refusals);
                if (context != null) {
                    return context;
                }
            }
            MemorySegment chosen = device(egl, arena, device == null ? 0 : Integer.parseInt(device), refusals);
            EglContext context = chosen.address() == 0
                    ? null
                    : on(egl, platform(egl, PLATFORM_DEVICE_EXT, chosen), arena, "EGL device", refusals);
            if (context != null) {
                return context;
            }
        } catch (NumberFormatException e) {
            throw new MujocoException("rendering: MUJOCO_EGL_DEVICE_ID is no number (" + e.getMessage() + ")", e);
        }
        throw new MujocoException("rendering: EGL gives no context (" + String.join("; ", refusals) + ")" + CURE);
    }

    private static MemorySegment platform(SymbolLookup egl, int platform, MemorySegment device) {
        return (MemorySegment) call(egl, "eglGetPlatformDisplay",
                FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS), platform, device, MemorySegment.NULL);
    }

    private static EglContext on(SymbolLookup egl, MemorySegment display, Arena arena, String name,
            List<String> refusals) {
        FunctionDescriptor initialize = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        if (display.address() == 0 || (int) call(egl, "eglInitialize", initialize, display, MemorySegment.NULL,
                MemorySegment.NULL) == 0) {
            refusals.add(name + ": no display");
            return null;
        }
        MemorySegment config = arena.allocate(ADDRESS);
        MemorySegment count = arena.allocate(JAVA_INT);
        call(egl, "eglChooseConfig", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
                display, arena.allocateFrom(JAVA_INT, CONFIG), config, 1, count);
        call(egl, "eglBindAPI", FunctionDescriptor.of(JAVA_INT, JAVA_INT), OPENGL_API);
        if (count.get(JAVA_INT, 0) == 0) {
            refusals.add(name + ": no configuration with OpenGL");
            return null;
        }
        MemorySegment context = (MemorySegment) call(egl, "eglCreateContext",
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS), display, config.get(ADDRESS, 0),
                MemorySegment.NULL, MemorySegment.NULL);
        if (context.address() == 0 || !makeCurrent(egl, display, context)) {
            refusals.add(name + ": no surfaceless OpenGL context");
            return null;
        }
        return new EglContext(egl, display, context);
    }

    private static MemorySegment device(SymbolLookup egl, Arena arena, int index, List<String> refusals) {
        MemorySegment query = (MemorySegment) call(egl, "eglGetProcAddress", FunctionDescriptor.of(ADDRESS, ADDRESS),
                arena.allocateFrom("eglQueryDevicesEXT"));
        MemorySegment devices = arena.allocate(ADDRESS, MOST_DEVICES);
        MemorySegment count = arena.allocate(JAVA_INT);
        if (query.address() != 0) {
            call(LINKER.downcallHandle(query, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS)),
                    "eglQueryDevicesEXT", MOST_DEVICES, devices, count);
        }
        if (index < 0 || index >= count.get(JAVA_INT, 0)) {
            refusals.add("EGL device " + index + ": there are " + count.get(JAVA_INT, 0));
            return MemorySegment.NULL;
        }
        return devices.getAtIndex(ADDRESS, index);
    }

    private static boolean makeCurrent(SymbolLookup egl, MemorySegment display, MemorySegment context) {
        return (int) call(egl, "eglMakeCurrent", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                display, MemorySegment.NULL, MemorySegment.NULL, context) != 0;
    }

    private static Object call(SymbolLookup egl, String name, FunctionDescriptor type, Object... arguments) {
        MemorySegment symbol = egl.find(name).orElseThrow(
                () -> new MujocoException("rendering: libEGL.so.1 has no " + name + ": it is older than EGL 1.5"
                        + CURE));
        return call(LINKER.downcallHandle(symbol, type), name, arguments);
    }

    private static Object call(MethodHandle function, String name, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw MujocoLibrary.unexpected(name, e);
        }
    }

    /** What draws, such as {@code llvmpipe} or a GPU. */
    String renderer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment getString = (MemorySegment) call(egl, "eglGetProcAddress",
                    FunctionDescriptor.of(ADDRESS, ADDRESS), arena.allocateFrom("glGetString"));
            MemorySegment name = (MemorySegment) call(
                    LINKER.downcallHandle(getString, FunctionDescriptor.of(ADDRESS, JAVA_INT)), "glGetString",
                    GL_RENDERER);
            return name.address() == 0 ? "unknown" : name.reinterpret(Integer.MAX_VALUE).getString(0);
        }
    }

    /** Displays stay initialised: they are shared by all contexts of the process. */
    @Override
    public void close() {
        makeCurrent(egl, display, MemorySegment.NULL);
        call(egl, "eglDestroyContext", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), display, context);
        call(egl, "eglReleaseThread", FunctionDescriptor.of(JAVA_INT));
    }
}
