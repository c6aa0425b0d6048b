package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.render.Camera;
import org.cosmosj.libero.render.Mesh;
import org.cosmosj.libero.render.MeshBuilder;
import org.cosmosj.libero.render.Rasteriser;
import org.cosmosj.libero.tabletop.TabletopObservation.Shown;
import org.cosmosj.libero.tabletop.TabletopObservation.Snapshot;

/**
 * Draws the two pictures of the tabletop.
 *
 * <p>The scene camera stands in front of the robot and looks back at it, as LIBERO's {@code agentview} does. The wrist
 * camera is 6 cm in front of the finger tips and 8 cm above them and looks along the fingers, so that it sees both the
 * fingers and what lies under them; the top of its picture is the hand's forward direction.
 */
final class TabletopRenderer {

    private static final double SCENE_FOVY = 42;
    private static final double[] SCENE_EYE = {0.36, 0, 0.52};
    private static final double[] SCENE_TARGET = {-0.005, 0, 0.02};
    private static final double WRIST_FOVY = 90;
    /** In the end effector's frame: picture right is the hand's +y, picture up its +x, and it looks along +z. */
    private static final Pose WRIST_CAMERA =
            new Pose(0.06, 0, Gripper.TIP - 0.08, new double[] {0, 1, 0, 1, 0, 0, 0, 0, -1});

    private static final int BACKGROUND = 0x30343C;
    private static final Mesh TABLE = new MeshBuilder()
            .box(0, 0, -0.02, new double[] {0.45, 0.5, 0.02}, 0xA89878).build();
    private static final int SMALL_PICTURE = 48;
    private static final int SMALL_SAMPLES = 3;
    private static final int SAMPLES = 2;

    private final Rasteriser rasteriser;

    TabletopRenderer(int height, int width) {
        int samples = Math.min(height, width) <= SMALL_PICTURE ? SMALL_SAMPLES : SAMPLES;
        this.rasteriser = new Rasteriser(width, height, samples);
    }

    byte[] agentview(Snapshot snapshot) {
        return draw(snapshot, Camera.lookingAt(SCENE_EYE, SCENE_TARGET, SCENE_FOVY));
    }

    byte[] wrist(Snapshot snapshot) {
        return draw(snapshot, new Camera(snapshot.hand().compose(WRIST_CAMERA), WRIST_FOVY));
    }

    /** Observations of one environment may be asked for pictures from several threads; the buffers are shared. */
    private synchronized byte[] draw(Snapshot snapshot, Camera camera) {
        Pose origin = Pose.upright(0, 0, 0, 0);
        Pose[] frames = PandaArm.frames(snapshot.joints());
        rasteriser.begin(camera, BACKGROUND);
        rasteriser.draw(TABLE, origin);
        for (Shown shown : snapshot.objects()) {
            if (shown.painted()) {
                rasteriser.draw(shown.mesh(), shown.pose());
            }
        }
        for (Shown shown : snapshot.objects()) {
            if (!shown.painted()) {
                rasteriser.shadow(shown.mesh(), shown.pose());
            }
        }
        RobotMeshes.shadow(rasteriser, snapshot);
        RobotMeshes.draw(rasteriser, snapshot, frames);
        for (Shown shown : snapshot.objects()) {
            if (!shown.painted()) {
                rasteriser.draw(shown.mesh(), shown.pose());
            }
        }
        return rasteriser.image();
    }
}
