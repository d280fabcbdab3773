/**
 * The web pages that a node serves below {@code /ui/}.
 *
 * <p><b>What.</b> {@link coco.node.ui.Dashboards} holds the files that the module {@code dashboards} has put on the
 * class path and makes routes of them. Its pages use the public HTTP API and nothing else, so no class here knows what
 * they show.
 *
 * <p><b>Why like this.</b> The build lists its files in {@code coco/ui/files.txt}. What is not on that list is not
 * served: a request's path is looked up in a map and never becomes the name of a resource. Being on the class path, the
 * pages are part of what attestation measures, as the code is.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>Every answer carries the content security policy: no script, style or request beyond the node's own origin.
 *   <li>Nothing here depends on who asks. Pages hold no data; data comes by the API, under the rules of its routes.
 * </ul>
 */
@NullMarked
package coco.node.ui;

import org.jspecify.annotations.NullMarked;
