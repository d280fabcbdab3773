/**
 * A network of nodes on this machine: made, started, watched and stopped.
 *
 * <p>A network is a folder. {@link coco.cli.network.NetworkFolder} knows where everything lies in it, and {@code
 * network.json} says how it was made, so that every later command needs the folder only. Nodes are separate processes
 * of the same JDK, started with an empty environment and fixed JVM options ({@link coco.cli.network.NodeJvm}), because
 * what a trusted execution environment would measure must not depend on who started it.
 *
 * <p>A process is known by its file {@code node.pid}: number and start time. Numbers are reused by the system, so a
 * process is only ever signalled if its start time matches and its command line names this node's configuration file
 * ({@link coco.cli.network.NodeProcess}). Nothing else is ever stopped.
 *
 * <p>This package is for networks on one machine. Nodes on several machines are started by whatever runs services
 * there, with the configuration files that {@code coco init --preset consortium} prepares.
 */
@NullMarked
package coco.cli.network;

import org.jspecify.annotations.NullMarked;
