package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Draws a model's cameras off screen with MuJoCo's own renderer, as robosuite does: collision shapes (group 0) hidden,
 * everything else as MuJoCo's defaults have it. An OpenGL context belongs to one thread, so the renderer has its own
 * and can be asked from any; it draws one picture at a time.
 */
@SuppressWarnings("restricted") // native memory and functions
public final class OffscreenRenderer implements AutoCloseable {

    private static final int MOST_SHAPES = 1000;
    private static final int FONT_SCALE = 150;

    private final MujocoModel model;
    private final int width;
    private final int height;
    private final Arena arena = Arena.ofShared();
    private final RenderThread thread;
    private EglContext context;
    private MujocoData data;
    private NativeStruct scene;
    private NativeStruct camera;
    private NativeStruct options;
    private NativeStruct target;
    private MemorySegment rectangle;
    private MemorySegment pixels;
    private String name;

    /**
     * Creates a context and loads the model's meshes and textures into it, which takes seconds.
     *
     * @param model  what to draw; outlives the renderer
     * @param width  pixels
     * @param height pixels
     * @throws MujocoException if this machine cannot draw off screen, or the pictures are too large for the model
     */
    public OffscreenRenderer(MujocoModel model, int width, int height) {
        this.model = model;
        this.width = width;
        this.height = height;
        checkSize();
        this.thread = new RenderThread("cosmosj-render");
        boolean created = false;
        try {
            on(() -> {
                create();
                return null;
            });
            created = true;
        } finally {
            if (!created) {
                thread.close();
            }
        }
    }

    private void checkSize() {
        long mostWidth = (long) model.numbers("vis.global.offwidth")[0];
        long mostHeight = (long) model.numbers("vis.global.offheight")[0];
        if (width < 1 || height < 1 || width > mostWidth || height > mostHeight) {
            throw new MujocoException("rendering: pictures of " + width + "x" + height + " pixels, the model allows "
                    + mostWidth + "x" + mostHeight + "; ask for smaller ones or raise <visual><global offwidth=.."
                    + " offheight=..> in the scene");
        }
    }

    private void create() {
        context = EglContext.create();
        name = context.renderer();
        data = new MujocoData(model);
        data.forward();
        scene = struct("mjvScene", "mjv_defaultScene");
        camera = struct("mjvCamera", "mjv_defaultCamera");
        options = struct("mjvOption", "mjv_defaultOption");
        target = struct("mjrContext", "mjr_defaultContext");
        options.array("geomgroup").set(JAVA_BYTE, 0, (byte) 0);
        camera.array("type").set(JAVA_INT, 0, constant("mjCAMERA_FIXED"));
        FunctionDescriptor make = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT);
        call("mjv_makeScene", make, model.pointer(), scene.memory(), MOST_SHAPES);
        call("mjr_makeContext", make, model.pointer(), target.memory(), FONT_SCALE);
        call("mjr_setBuffer", FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS), constant("mjFB_OFFSCREEN"),
                target.memory());
        if (target.integer("currentBuffer") != constant("mjFB_OFFSCREEN")) {
            throw new MujocoException("rendering: " + name + " has no framebuffer for drawing off screen");
        }
        rectangle = arena.allocate(MujocoLibrary.RECT);
        rectangle.setAtIndex(JAVA_INT, 2, width);
        rectangle.setAtIndex(JAVA_INT, 3, height);
        pixels = arena.allocate(3L * width * height);
    }

    private NativeStruct struct(String type, String defaults) {
        MemorySegment memory = arena.allocate(model.library().layouts().struct(type).size(), 8);
        call(defaults, FunctionDescriptor.ofVoid(ADDRESS), memory);
        return new NativeStruct(model.library().layouts(), type, memory, arena, model::size);
    }

    private int constant(String constant) {
        return model.library().layouts().constant(constant);
    }

    private void call(String function, FunctionDescriptor type, Object... arguments) {
        try {
            model.library().function(function, type).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw MujocoLibrary.unexpected(function, e);
        }
        MujocoMessages.check(function);
    }

    /**
     * What draws.
     *
     * @return for example {@code llvmpipe (LLVM 15.0.6, 256 bits)}
     */
    public String renderer() {
        return name;
    }

    /**
     * Draws a picture.
     *
     * @param snapshot  where everything is
     * @param cameraName a camera of the model
     * @param alphas    site id to how opaque it is drawn; others as the model has them
     * @return (height, width, 3) uint8 RGB, row 0 on top; a new array
     * @throws IllegalArgumentException if the model has no such camera
     */
    public byte[] render(SceneSnapshot snapshot, String cameraName, Map<Integer, Float> alphas) {
        int id = model.id(ObjectKind.CAMERA, cameraName);
        return on(() -> draw(snapshot, id, alphas));
    }

    private byte[] draw(SceneSnapshot snapshot, int cameraId, Map<Integer, Float> alphas) {
        snapshot.restore(data);
        alphas.forEach(model::setSiteAlpha);
        camera.array("fixedcamid").set(JAVA_INT, 0, cameraId);
        call("mjv_updateScene",
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
                model.pointer(), data.pointer(), options.memory(), MemorySegment.NULL, camera.memory(),
                constant("mjCAT_ALL"), scene.memory());
        call("mjr_render", FunctionDescriptor.ofVoid(MujocoLibrary.RECT, ADDRESS, ADDRESS), rectangle,
                scene.memory(), target.memory());
        call("mjr_readPixels", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, MujocoLibrary.RECT, ADDRESS), pixels,
                MemorySegment.NULL, rectangle, target.memory());
        byte[] upright = new byte[3 * width * height];
        int row = 3 * width;
        for (int y = 0; y < height; y++) { // OpenGL's rows are bottom-up
            MemorySegment.copy(pixels, JAVA_BYTE, (long) (height - 1 - y) * row, upright, y * row, row);
        }
        return upright;
    }

    private <T> T on(Callable<T> task) {
        return thread.call(task);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            on(() -> {
                call("mjr_freeContext", FunctionDescriptor.ofVoid(ADDRESS), target.memory());
                call("mjv_freeScene", FunctionDescriptor.ofVoid(ADDRESS), scene.memory());
                data.close();
                context.close();
                return null;
            });
            thread.close();
            arena.close();
        }
    }
}
