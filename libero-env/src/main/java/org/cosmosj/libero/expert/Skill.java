package org.cosmosj.libero.expert;

import java.util.List;

/** Makes one statement of a goal true, in stages; a stage is planned from the state in which it starts. */
interface Skill {

    /**
     * Plans a stage.
     *
     * @param stage number from 0
     * @return its moves; empty if the skill is at its end or has failed, after which it may be tried again
     */
    List<Move> stage(int stage);
}
