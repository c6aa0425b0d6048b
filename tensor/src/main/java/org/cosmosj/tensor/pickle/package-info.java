/**
 * Python pickles, read as data. Nothing in a pickle is executed: the only names it may mention are those of an
 * allow-list ({@link org.cosmosj.tensor.pickle.PickleTypes}), each of which stands for Java code of this library that
 * makes a value; every other name is an error that gives file, byte offset, opcode and class. Time and memory are
 * bounded by the size of the input, and no depth of nesting can overflow the stack.
 *
 * <pre>{@code
 * Object observation = Pickle.read(Path.of("sample_observation.pkl"), PickleTypes.NUMPY);   // a Map
 * }</pre>
 *
 * <table>
 * <caption>What Python values become</caption>
 * <tr><th scope="col">Python</th><th scope="col">Java</th></tr>
 * <tr><td>None, bool, float, str</td><td>null, {@link java.lang.Boolean}, {@link java.lang.Double},
 * {@link java.lang.String}</td></tr>
 * <tr><td>int</td><td>{@link java.lang.Long}, or {@link java.math.BigInteger} beyond 64 bits</td></tr>
 * <tr><td>bytes, bytearray</td><td>{@link org.cosmosj.tensor.pickle.PickleBytes}, which does not copy</td></tr>
 * <tr><td>list, tuple</td><td>{@link java.util.List}</td></tr>
 * <tr><td>dict, OrderedDict</td><td>{@link java.util.Map} in order</td></tr>
 * <tr><td>set, frozenset</td><td>{@link java.util.Set}</td></tr>
 * <tr><td>NumPy array, scalar</td><td>{@link org.cosmosj.tensor.pickle.NumpyArray}; the number</td></tr>
 * <tr><td>an allowed data class</td><td>{@link org.cosmosj.tensor.pickle.PickleObject}</td></tr>
 * </table>
 *
 * <p>Lists and maps may contain themselves, as they may in Python, and may nest as deep as the input is long: do not
 * call {@code equals}, {@code hashCode} or {@code toString} on what an untrusted file holds; look for what you expect.
 */
package org.cosmosj.tensor.pickle;
