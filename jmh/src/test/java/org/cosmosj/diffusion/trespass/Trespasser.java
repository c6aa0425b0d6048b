package org.cosmosj.diffusion.trespass;

import jdk.incubator.vector.FloatVector;
import org.cosmosj.nn.trespass.Layer;
import org.cosmosj.tensor.internal.trespass.Hidden;
import picocli.CommandLine;

/** Breaks each layer rule once, so that the test of the rules can see them work. */
public final class Trespasser {
    Layer[] otherModule;
    Hidden internals;
    FloatVector vector;
    CommandLine library;
}
