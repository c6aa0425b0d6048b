/**
 * Robot environments and what is run in them: an embedded tabletop that needs nothing installed, LIBERO on MuJoCo,
 * demonstrations, and evaluation with its episode protocol. An environment knows nothing of policies. The example
 * mains and the command line stand in this module too, since it is the highest one that users depend on.
 */
package org.cosmosj.libero;
