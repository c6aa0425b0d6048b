package org.cosmosj.tensor.internal.trespass;

/** Stands for an internal class of a module that the trespasser may know. */
public final class Hidden {}
