// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The extension as it is packed, in node with a stand-in for VS Code (vscode.mjs),
// over the server that GRIDLOCK_EDITOR_SERVER names.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ours, Session } from "./session.mjs";
import { Editor, editorAt } from "./vscode.mjs";

const server = JSON.parse(process.env.GRIDLOCK_EDITOR_SERVER);
const python = process.env.GRIDLOCK_PYTHON;
const unpacked = mkdtempSync(join(tmpdir(), "gridlock-vsix-"));
after(() => rmSync(unpacked, { recursive: true, force: true }));
execFileSync(python, ["-m", "zipfile", "-e", process.env.GRIDLOCK_VSIX, unpacked]);
const folder = join(unpacked, "extension");
const require = createRequire(join(folder, "package.json"));
const about = require("./package.json");

test("the package says what is in it", () => {
  const manifest = readFileSync(join(unpacked, "extension.vsixmanifest"), "utf-8");
  const types = readFileSync(join(unpacked, "[Content_Types].xml"), "utf-8");
  for (const [name, value] of [["Id", about.name], ["Version", about.version], ["Publisher", about.publisher]])
    assert.match(manifest, new RegExp(`<Identity [^>]*${name}="${value}"`));
  assert.match(manifest, new RegExp(`Code.Engine" Value="\\${about.engines.vscode}"`));
  assert.match(manifest, /ExtensionDependencies" Value="llvm-vs-code-extensions.vscode-clangd"/);
  const assets = [...manifest.matchAll(/<Asset [^>]*Path="([^"]*)"/g)].map((found) => found[1]);
  assert.ok(assets.includes("extension/package.json"));
  for (const asset of assets) assert.ok(existsSync(join(unpacked, asset)), asset);
  const listed = execFileSync(python, ["-m", "zipfile", "-l", process.env.GRIDLOCK_VSIX], { encoding: "utf-8" });
  const extensions = new Set([...listed.matchAll(/(\.\w+)\s+\d{4}-\d\d-\d\d/g)].map((found) => found[1]));
  assert.ok(extensions.has(".js"), listed);
  for (const extension of extensions)
    if (extension !== ".xml") assert.ok(types.includes(`Extension="${extension}"`), extension);
  assert.equal(about.version, process.env.GRIDLOCK_VERSION);
});

test("every command that is offered is there", async () => {
  const editor = new Editor({ "gridlock.ask": false });
  await editor.activate(folder);
  for (const { command } of about.contributes.commands) assert.ok(editor.commands.has(command), command);
  for (const { dispose } of editor.subscriptions) assert.ok(dispose);
  assert.deepEqual(editor.messages, []);
});

test("clangd's settings are changed and changed back", async () => {
  const cases = [
    ["/opt/gridlock-clangd", ["--log=error"]],
    ["/opt/gridlock", ["lsp-proxy", "--", "clangd-19", "--log=error"]],
  ];
  for (const [program, words] of cases) {
    const editor = new Editor({ "clangd.path": "clangd-19", "clangd.arguments": ["--log=error"], "gridlock.path": program });
    await editor.activate(folder);
    assert.equal(editor.messages.length, 1); // the offer, not taken
    await editor.run("gridlock.enable");
    const enabled = [editor.settings["clangd.path"], editor.settings["clangd.arguments"]];
    assert.deepEqual(enabled, [program, words]);
    assert.deepEqual(editor.executed, [["clangd.restart"]]);
    await editor.run("gridlock.enable"); // once is enough
    assert.deepEqual([editor.settings["clangd.path"], editor.settings["clangd.arguments"]], enabled);
    await editor.run("gridlock.disable");
    assert.deepEqual([editor.settings["clangd.path"], editor.settings["clangd.arguments"]], ["clangd-19", ["--log=error"]]);
    const changes = editor.changes.length;
    await editor.run("gridlock.disable");
    assert.equal(editor.changes.length, changes);
  }
});

const PROXY = { "gridlock.ask": false, "gridlock.path": "gridlock" };
const enabledWith = (...words) => ({ "clangd.path": "gridlock", "clangd.arguments": ["lsp-proxy", "--", ...words] });

test("settings are changed where they count, and are there again afterwards", async () => {
  const path = { "clangd.path": "clangd-19" };
  const words = { "clangd.arguments": ["-j=2"] };
  const cases = [
    // What the user, the workspace and its folder set; which of the three is changed, and to what.
    [{}, {}, {}, 2, enabledWith("clangd")],
    [path, {}, {}, 1, enabledWith("clangd-19")],
    [path, words, {}, 2, enabledWith("clangd-19", "-j=2")],
    [words, path, {}, 2, enabledWith("clangd-19", "-j=2")],
    [words, {}, path, 3, enabledWith("clangd-19", "-j=2")],
    [path, { "clangd.path": "clangd-20" }, words, 3, enabledWith("clangd-20", "-j=2")],
  ];
  for (const [user, workspace, inFolder, target, wanted] of cases) {
    const editor = new Editor({ ...PROXY, ...user }, undefined, { workspace, folder: inFolder });
    await editor.activate(folder);
    const before = structuredClone(editor.levels);
    await editor.run("gridlock.enable");
    const expected = structuredClone(before);
    Object.assign(expected[target], wanted);
    assert.deepEqual(editor.levels, expected);
    assert.deepEqual({ ...editor.settings, ...wanted }, editor.settings); // nothing stands before it
    await editor.run("gridlock.disable");
    assert.deepEqual(editor.levels, before);
    assert.equal(editor.globalState.kept.size + editor.workspaceState.kept.size, 0);
  }
});

test("what is changed while Gridlock is used is not taken back", async () => {
  for (const program of ["gridlock", "gridlock-clangd"]) {
    const editor = new Editor({ "gridlock.ask": false, "gridlock.path": program, "clangd.path": "clangd-19" });
    await editor.activate(folder);
    await editor.run("gridlock.enable");
    editor.levels[1]["clangd.arguments"] = [...editor.levels[1]["clangd.arguments"], "-j=2"];
    await editor.run("gridlock.disable");
    assert.deepEqual([editor.settings["clangd.path"], editor.settings["clangd.arguments"]], ["clangd-19", ["-j=2"]]);
  }
});

test("from one server to the other and back", async () => {
  const editor = new Editor({ "gridlock.ask": false, "clangd.path": "clangd-19" });
  await editor.activate(folder);
  await editor.run("gridlock.enable");
  editor.levels[1]["gridlock.path"] = "gridlock";
  await editor.run("gridlock.enable");
  assert.deepEqual({ ...editor.settings, ...enabledWith("clangd-19") }, editor.settings);
  await editor.run("gridlock.disable");
  assert.equal(editor.levels[1]["clangd.path"], "clangd-19");
  assert.ok(!("clangd.arguments" in editor.levels[1]));
});

test("settings made by hand: without Gridlock it is clangd", async () => {
  const editor = new Editor({ "gridlock.ask": false, "clangd.path": "gridlock-clangd", "clangd.arguments": ["-j=2"] });
  await editor.activate(folder);
  await editor.run("gridlock.disable");
  assert.deepEqual([editor.settings["clangd.path"], editor.settings["clangd.arguments"]], ["clangd", ["-j=2"]]);
});

test("the offer: taken, or not made again", async () => {
  const taking = new Editor();
  taking.answer = "Use Gridlock";
  await taking.activate(folder);
  assert.equal(taking.settings["clangd.path"], "gridlock-clangd");
  const refusing = new Editor();
  refusing.answer = "Don't Ask Again";
  await refusing.activate(folder);
  assert.deepEqual(refusing.changes, [["gridlock.ask", false, 1]]);
  const set = new Editor({ "clangd.path": "/usr/bin/gridlock", "clangd.arguments": ["lsp-proxy", "--", "clangd"] });
  await set.activate(folder);
  assert.deepEqual(set.messages, []);
});

test("why there is no graph is said", async () => {
  const plain = { initializeResult: { capabilities: {} } };
  for (const [client, words] of [[undefined, /not installed/], [null, /not running/], [plain, /without Gridlock/]]) {
    const editor = new Editor({ "gridlock.ask": false }, client);
    editor.active = editorAt("file:///a.cpp", 0);
    await editor.activate(folder);
    await editor.run("gridlock.showLockGraph");
    assert.match(editor.messages.join(), words);
    assert.equal(editor.panels.length, 0);
  }
});

const source = `#include <mutex>
#include <thread>
std::mutex first, second;
void a() { std::lock_guard<std::mutex> x(first); std::lock_guard<std::mutex> y(second); }
void b() { std::lock_guard<std::mutex> x(second); std::lock_guard<std::mutex> y(first); }
int main() { std::thread t(a), u(b); t.join(); u.join(); }
`;

test("the lock graph of the server is drawn, and its places are links", async () => {
  const session = new Session(server, { "a & b.cpp": source, "compile_flags.txt": "-std=c++20\n" });
  try {
    const initializeResult = await session.start();
    await session.open("a & b.cpp", source);
    await session.diagnostics("a & b.cpp", (found) => ours(found).length > 0, "deadlock");
    const client = {
      initializeResult,
      code2ProtocolConverter: { asUri: (uri) => uri.toString() },
      sendRequest: (method, parameters) => session.connection.sendRequest(method, parameters),
    };
    const editor = new Editor({ "gridlock.ask": false }, client);
    editor.active = editorAt(session.uri("a & b.cpp"), 3);
    await editor.activate(folder);
    await editor.run("gridlock.showLockGraph");
    assert.deepEqual(editor.messages, []);
    const [{ webview, options }] = editor.panels;
    assert.deepEqual(options.enableCommandUris, ["gridlock.open"]);
    assert.equal((webview.html.match(/<circle/g) ?? []).length, 2);
    assert.equal((webview.html.match(/class="cyclic" marker-end/g) ?? []).length, 2);
    assert.match(webview.html, /first → second <b>\(cycle\)<\/b>/);
    assert.doesNotMatch(webview.html, /<script/);
    const links = [...webview.html.matchAll(/<a href="command:gridlock\.open\?([^"]*)">([^<]*)<\/a>/g)];
    assert.deepEqual(links.map((link) => link[2]).sort(), ["a &amp; b.cpp:4", "a &amp; b.cpp:4", "a &amp; b.cpp:5", "a &amp; b.cpp:5"]);
    // A click, as VS Code makes it.
    await editor.run("gridlock.open", ...JSON.parse(decodeURIComponent(links[0][1])));
    const [[uri, where]] = editor.shown;
    assert.equal(uri.fsPath, join(session.folder, "a & b.cpp"));
    assert.equal(where.selection.start.line, 3);
    // A second time the same panel is used; closed, a new one.
    await editor.run("gridlock.showLockGraph");
    assert.equal(editor.panels.length, 1);
    editor.panels[0].dispose();
    await editor.run("gridlock.showLockGraph");
    assert.equal(editor.panels.length, 2);
    assert.equal(await session.stop(), 0);
  } finally {
    session.discard();
  }
});

test("of answers out of order the newest request's counts", async () => {
  const requests = [];
  const client = {
    initializeResult: { capabilities: { experimental: { gridlock: { lockGraph: true } } } },
    code2ProtocolConverter: { asUri: (uri) => uri.toString() },
    sendRequest: () => new Promise((resolve, reject) => requests.push({ resolve, reject })),
  };
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const place = { uri: "file:///a.cpp", range };
  const graphOf = (name) => ({ locks: [name], orders: [{ from: name, to: name, certain: true, function: name, held: place, taken: place }] });
  const editor = new Editor({ "gridlock.ask": false }, client);
  editor.active = editorAt("file:///a.cpp", 0);
  await editor.activate(folder);
  const asking = async () => {
    const shown = editor.run("gridlock.showLockGraph");
    await new Promise((resolve) => setImmediate(resolve)); // until the request is sent
    return { shown };
  };
  const [older, newer, failing] = [await asking(), await asking(), await asking()];
  assert.equal(requests.length, 3);
  const last = await asking();
  requests[1].resolve(graphOf("newer"));
  await newer.shown;
  assert.equal(editor.panels.length, 0);
  requests[3].resolve(graphOf("last"));
  await last.shown;
  requests[0].resolve(graphOf("older"));
  requests[2].reject(new Error("cancelled"));
  await Promise.all([older.shown, failing.shown]);
  assert.equal(editor.panels.length, 1);
  assert.match(editor.panels[0].webview.html, /last/);
  assert.doesNotMatch(editor.panels[0].webview.html, /older|newer/);
  assert.deepEqual(editor.messages, []);
  // A panel that was closed stays closed.
  const late = await asking();
  editor.panels[0].dispose();
  requests[4].resolve(graphOf("late"));
  await late.shown;
  assert.equal(editor.panels.length, 1);
});

test("the drawing", () => {
  const { cyclesOf, pageOf } = require("./drawing.js");
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const place = { uri: "file:///x/%C3%A4.cpp", range };
  const order = (from, to, certain = true) => ({ from, to, certain, function: "f<T>", held: place, taken: place });
  const graph = { locks: ["a", "b", "c", "d", "e"], orders: [order("a", "b"), order("b", "c"), order("c", "a"), order("c", "d"), order("e", "e", false)] };
  const cycles = cyclesOf(graph);
  assert.deepEqual([...cycles.keys()].sort(), ["a", "b", "c", "e"]);
  assert.notEqual(cycles.get("a"), cycles.get("e"));
  const page = pageOf(graph);
  assert.match(page, /f&lt;T&gt;/);
  assert.match(page, /ä\.cpp:1/);
  assert.match(page, /stroke-dasharray/);
  assert.equal((page.match(/class="cyclic" /g) ?? []).length, 4);
  assert.doesNotMatch(page, /NaN|undefined/);
  const odd = pageOf({ locks: ['"<b>&\''], orders: [order('"<b>&\'', '"<b>&\'')] });
  assert.doesNotMatch(odd, /<b>&/);
  assert.match(pageOf({ locks: [], orders: [] }), /No lock is taken here while another is held/);
});
