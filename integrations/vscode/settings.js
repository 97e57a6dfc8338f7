// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the clangd extension is told to run: its settings `clangd.path` and
// `clangd.arguments` with Gridlock in them, and without it again. Knows nothing
// of VS Code.

"use strict";

const path = require("node:path");

const nameOf = (program) => path.basename(program).replace(/\.exe$/i, "");
const isServer = (program) => /^gridlock-clangd/.test(nameOf(program));
const isProxy = ({ path, arguments: words }) => nameOf(path) === "gridlock" && words[0] === "lsp-proxy" && words[1] === "--";

/** Whether clangd runs with Gridlock. */
function isEnabled(clangd) {
  return isServer(clangd.path) || isProxy(clangd);
}

/**
 * The settings to run the clangd of `clangd` with the program `gridlock`.
 * @param former the path of the clangd that gridlock-clangd stands for, if it is known
 */
function enabled(clangd, gridlock, former) {
  const plain = disabled(clangd, former);
  if (isServer(gridlock)) return { path: gridlock, arguments: plain.arguments };
  return { path: gridlock, arguments: ["lsp-proxy", "--", plain.path, ...plain.arguments] };
}

/** The settings without Gridlock; `former` as for `enabled`. */
function disabled(clangd, former = "clangd") {
  if (isServer(clangd.path)) return { path: former, arguments: clangd.arguments };
  if (isProxy(clangd)) return { path: clangd.arguments[2] ?? former, arguments: clangd.arguments.slice(3) };
  return { path: clangd.path, arguments: clangd.arguments };
}

/** Whether two such settings are the same. */
function areEqual(a, b) {
  return JSON.stringify([a.path, a.arguments]) === JSON.stringify([b.path, b.arguments]);
}

module.exports = { isEnabled, enabled, disabled, areEqual };
