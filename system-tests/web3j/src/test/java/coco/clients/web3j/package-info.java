/**
 * web3j against a network of three nodes that runs.
 *
 * <p><b>Why a module of its own, built only by the profile {@code web3j}.</b> web3j brings Vert.x, Netty, OkHttp, the
 * AWS SDK and other versions of libraries that a node uses. On a class path with Coco's modules the tests would run
 * neither web3j as its users have it nor Coco as it is shipped; outside the profile Maven does not even look at it.
 *
 * <p>The addresses of the nodes come from the environment, {@code COCO_RPC_URLS}, as for the other clients.
 */
@NullMarked
package coco.clients.web3j;

import org.jspecify.annotations.NullMarked;
