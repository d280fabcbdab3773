/**
 * {@code coco demo}: each demonstration with one command, a network of its own included.
 *
 * <p>A demonstration makes a network in a folder, prepares what is shown on it by the same public interfaces that a
 * user has, prints where the pages are, and ends with the command: Ctrl-C stops every process that it started.
 */
@NullMarked
package coco.cli.demo;

import org.jspecify.annotations.NullMarked;
