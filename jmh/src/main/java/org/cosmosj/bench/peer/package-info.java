/**
 * The comparison with PyTorch on the same processor: {@link org.cosmosj.bench.peer.PeerTable} says what is compared and
 * what is to be reached, {@link org.cosmosj.bench.peer.Duel} alternates windows of both sides, and
 * {@link org.cosmosj.bench.peer.Verdict} judges. Both sides are processes that speak the same few lines: {@link
 * org.cosmosj.bench.peer.Worker} here, {@code peer.py} there.
 */
package org.cosmosj.bench.peer;
