// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the proxy does when things go wrong.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";

const tool = process.env.GRIDLOCK_TOOL;
const [, , , ...server] = JSON.parse(process.env.GRIDLOCK_EDITOR_SERVER);
const framed = (message) => {
  const body = Buffer.from(typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
};
const proxy = (command, input = "") => spawnSync(tool, ["lsp-proxy", "--", ...command], { input, encoding: "utf-8" });

test("the server's exit status is passed on", () => {
  assert.equal(proxy(["sh", "-c", "exit 7"]).status, 7);
  assert.equal(proxy(["sh", "-c", "kill -9 $$"]).status, 137);
  assert.equal(proxy(["sh", "-c", "cat > /dev/null; exit 3"]).status, 3);
});

test("a server that dies ends the proxy, though the editor still listens", async () => {
  const running = spawn(tool, ["lsp-proxy", "--", "sh", "-c", "exit 5"], { stdio: ["pipe", "pipe", "ignore"] });
  running.stdin.on("error", () => {});
  assert.equal(await new Promise((resolve) => running.on("exit", resolve)), 5);
});

test("a server that is not there", () => {
  const done = proxy(["/no/such/server"]);
  assert.equal(done.status, 2);
  assert.match(done.stderr, /cannot run \/no\/such\/server: No such file or directory; name the language server/);
  assert.equal(spawnSync(tool, ["lsp-proxy", "clangd"]).status, 2);
});

test("what is not understood is passed on as it is", () => {
  // `cat` answers with what it was sent.
  const odd = ["{broken", '{"id":1}', "[1, 2]", '{"method":"textDocument/didChange","params":{}}', '"ä"', ""];
  const done = proxy(["cat"], Buffer.concat(odd.map(framed)));
  assert.equal(done.stdout, Buffer.concat(odd.map(framed)).toString());
  assert.equal(done.status, 0);
});

test("damaged headers are skipped", () => {
  const input = Buffer.concat([
    Buffer.from("nonsense\r\n\r\nContent-Length: many\r\n\r\n"),
    Buffer.from("Content-Type: x\r\n"),
    framed('{"id":1}'),
    Buffer.from("Content-Length: 100\r\n\r\ncut off"),
  ]);
  const done = proxy(["cat"], input);
  assert.equal(done.stdout, framed('{"id":1}').toString());
  assert.equal(done.status, 0);
});

test("impossible changes do no harm", () => {
  const textDocument = { uri: "file:///tmp/x.cpp", version: 2 };
  const place = (line) => ({ line, character: 0 });
  const messages = [
    { id: 1, method: "initialize", params: { capabilities: {} } },
    { method: "textDocument/didOpen", params: { textDocument: { ...textDocument, languageId: "cpp", text: "int x;\n" } } },
    { method: "textDocument/didChange", params: { textDocument, contentChanges: [{ range: { start: place(9), end: place(8) }, text: "" }] } },
    { method: "textDocument/didChange", params: { textDocument, contentChanges: [{ range: 3, text: 4 }, 5] } },
    { method: "textDocument/didOpen", params: { textDocument: { uri: "untitled:1", text: "x" } } },
    { id: 2, method: "shutdown" },
    { method: "exit" },
  ];
  const done = proxy(server, Buffer.concat(messages.map(framed)));
  assert.match(done.stderr, /a change of \/tmp\/x\.cpp does not fit its text/);
  assert.match(done.stdout, /"id":2/);
  assert.equal(done.status, 0, done.stderr);
});
