package org.cosmosj.nn.trespass;

/** Stands for a class of a module that the trespasser may not know. */
public final class Layer {}
