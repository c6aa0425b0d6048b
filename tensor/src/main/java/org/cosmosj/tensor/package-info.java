/**
 * Tensors, their memory and their gradients: arrays with layouts and dtypes, scopes that own them, the tape that joins
 * the hand-written backward rules of fused operations, random streams, and the reading of safetensors and PyTorch
 * checkpoints. A device is a backend found through {@code org.cosmosj.tensor.spi}; the CPU backend is part of this
 * module and is the reference every other backend is compared with.
 *
 * <h2>Checkpoints</h2>
 * {@link org.cosmosj.tensor.Checkpoint#open} reads safetensors, single and sharded, files of {@code torch.save}, new
 * and old, pickled dicts of tensors, and folders of {@code torch.distributed.checkpoint}. All are mapped into memory:
 * opening a file of any size reads its table only. Nothing in a file is executed ({@link org.cosmosj.tensor.pickle}),
 * and a damaged or hostile file is a {@link org.cosmosj.tensor.CheckpointException} that names it and the byte.
 *
 * <h2>Axis letters</h2>
 * Shapes in javadoc and in error messages are written with these letters throughout the library, and no letter is
 * used for anything else:
 * <table>
 * <caption>The axes of the library</caption>
 * <tr><th scope="col">Letter</th><th scope="col">Axis</th></tr>
 * <tr><td>{@code B}</td><td>batch</td></tr>
 * <tr><td>{@code C}</td><td>channels</td></tr>
 * <tr><td>{@code T}</td><td>latent frames</td></tr>
 * <tr><td>{@code H}, {@code W}</td><td>latent height and width</td></tr>
 * <tr><td>{@code L}</td><td>tokens: {@code T * (H / p) * (W / p)} for spatial patch size {@code p}</td></tr>
 * <tr><td>{@code D}</td><td>model width</td></tr>
 * <tr><td>{@code h}</td><td>attention heads</td></tr>
 * <tr><td>{@code d}</td><td>width of one head</td></tr>
 * <tr><td>{@code S}</td><td>text tokens</td></tr>
 * <tr><td>{@code K}</td><td>length of an action chunk</td></tr>
 * <tr><td>{@code A}</td><td>size of one action</td></tr>
 * <tr><td>{@code N}</td><td>samples in planning</td></tr>
 * </table>
 */
package org.cosmosj.tensor;
